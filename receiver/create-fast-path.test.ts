import { securityHeaders } from '@millrace/core/http/security-headers';
import { Problem } from '@millrace/core/problem/problem';
import { describe, expect, it } from 'vitest';
import { receiverWithoutKafka } from './test/receiver-without-kafka.ts';

const schema = {
  type: 'record',
  name: 'Thing',
  stream: { path: '/things' },
  fields: [{ name: 'a', type: 'int' }],
};
const big = `{"a":"${'x'.repeat(2_000)}"}`;
const limits = { maxBodyBytes: 1_000 };
async function away() {
  throw new Problem('kafka-unavailable', 'nothing was written');
}
const keyed = { 'idempotency-key': 'one' };

const kinds = [
  ['201', limits, { a: 1 }, {}, 201],
  ['201 of a batch', limits, [{ a: 1 }, { a: 2 }], {}, 201],
  ['207', limits, [{ a: 1 }, {}], {}, 207],
  ['400', limits, {}, {}, 400],
  ['400 of a batch', limits, [{}, {}], {}, 400],
  ['413', limits, big, {}, 413],
  ['415', limits, 'a', { 'content-type': 'text/plain' }, 415],
  ['429', { ...limits, rateLimit: 1 }, { a: 1 }, {}, 429],
  ['503', { ...limits, beforeAcknowledging: away }, { a: 1 }, {}, 503],
  ['503 of a batch', { ...limits, beforeAcknowledging: away }, [{ a: 1 }, { a: 1 }], {}, 503],
] as const;

/** What differs from one request to the next. */
const OF_THE_REQUEST = ['date', 'traceparent', 'location', 'content-length'];
const comparable = (headers: Headers) => [...headers].filter(([name]) => !OF_THE_REQUEST.includes(name)).sort();

describe('the fast path', () => {
  it.each(kinds)('answers %s with the headers that Express answers with', async (_, options, body, headers, status) => {
    const { post } = await receiverWithoutKafka(schema, options);
    await post(body, headers);

    const fast = await post(body, headers, '/things');
    const express = await post(body, headers, '/things/');

    expect([fast.status, express.status]).toEqual([status, status]);
    expect(comparable(fast.headers)).toEqual(comparable(express.headers));
    expect(Object.fromEntries(fast.headers)).toMatchObject(securityHeaders);
    expect(fast.headers.get('traceparent')).toMatch(/^00-/);
  });

  it('answers 409 and a repeat alike', async () => {
    const { post } = await receiverWithoutKafka(schema);
    await post({ a: 1 }, keyed);

    for (const a of [1, 2]) {
      const [fast, express] = [await post({ a }, keyed, '/things'), await post({ a }, keyed, '/things/')];
      expect(fast.status).toBe(a === 1 ? 201 : 409);
      expect(comparable(fast.headers)).toEqual(comparable(express.headers));
    }
  });

  it.each([
    ['404', 'POST', '/elsewhere', 404],
    ['405', 'PUT', '/things', 405],
    ['OPTIONS', 'OPTIONS', '/things', 204],
    ['a page about the service', 'GET', '/healthz', 200],
  ])('leaves %s to Express, with the same security headers', async (_, method, path, status) => {
    const { url } = await receiverWithoutKafka(schema);

    const response = await fetch(new URL(path, url), { method });

    expect(response.status).toBe(status);
    expect(Object.fromEntries(response.headers)).toMatchObject(securityHeaders);
  });

  it('counts a request once, when its response is closed, as Express does', async () => {
    const { post, metrics } = await receiverWithoutKafka(schema);

    await post({ a: 1 }, {}, '/things');
    await post({ a: 1 }, {}, '/things/');

    await expect
      .poll(() => metrics.registry.metrics())
      .toContain('seconds_count{service="receiver",method="POST",route="/things",status="201"} 2');
  });
});
