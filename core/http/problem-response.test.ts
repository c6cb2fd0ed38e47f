import { serveForTest } from '@millrace/testing/serve-for-test';
import { describe, expect, it } from 'vitest';
import { Problem } from '../problem/problem.ts';
import { problemBody, sendProblem } from './problem-response.ts';

const TRACE = '4bf92f3577b34da6a3ce929d0e0e4736';
const TRACEPARENT = `00-${TRACE}-00f067aa0ba902b7-01`;

describe('problemBody', () => {
  it('has every member of RFC 9457, the code, the trace and the faults', () => {
    const errors = [{ pointer: '/distance', message: 'must be >= 0' }];

    expect(problemBody(new Problem('invalid-record', '1 fault', { errors }), TRACE)).toEqual({
      type: 'urn:millrace:problem:invalid-record',
      title: 'The record does not match its schema',
      status: 400,
      detail: '1 fault',
      code: 'invalid-record',
      trace_id: TRACE,
      errors,
    });
  });

  it('has the members that its problem adds', () => {
    const problem = new Problem('already-running', 'it runs', { members: { run_id: 'the run' } });

    expect(problemBody(problem, TRACE)).toMatchObject({ status: 409, code: 'already-running', run_id: 'the run' });
  });

  it('leaves errors out when there are none', () => {
    expect(problemBody(new Problem('not-found', 'nothing'), TRACE)).not.toHaveProperty('errors');
  });
});

describe('sendProblem', () => {
  it('answers a bare node:http response', async () => {
    const url = await serveForTest((_req, res) => sendProblem(res, new Problem('not-found', 'no run ü'), TRACEPARENT));

    const response = await fetch(url);

    expect(response.status).toBe(404);
    expect(response.headers.get('content-type')).toBe('application/problem+json');
    expect(response.headers.get('traceparent')).toBe(TRACEPARENT);
    expect(response.headers.get('retry-after')).toBeNull();
    expect(await response.json()).toMatchObject({ detail: 'no run ü', trace_id: TRACE });
  });

  it('says when to retry what can be retried, as the problem says or after a second', async () => {
    const url = await serveForTest((req, res) => {
      const headers: Record<string, string> = req.url === '/own' ? { 'retry-after': '7' } : {};
      sendProblem(res, new Problem('saturated', 'full', { headers }), TRACEPARENT);
    });

    expect((await fetch(url)).headers.get('retry-after')).toBe('1');
    expect((await fetch(`${url}/own`)).headers.get('retry-after')).toBe('7');
  });

  it('shows nothing of an error that is no Problem', async () => {
    const url = await serveForTest((_req, res) => sendProblem(res, new Error('SELECT secret'), TRACEPARENT));

    const response = await fetch(url);

    expect(response.status).toBe(500);
    expect(await response.text()).not.toContain('secret');
  });

  it('drops headers that were meant for the answer that did not come', async () => {
    const url = await serveForTest((_req, res) => {
      res.setHeader('content-encoding', 'gzip').setHeader('location', '/elsewhere');
      sendProblem(res, new Problem('gone', 'no more'), TRACEPARENT);
    });

    const response = await fetch(url);

    expect(response.headers.get('location')).toBeNull();
    expect(await response.json()).toMatchObject({ code: 'gone' });
  });

  it('cuts an answer that had begun, so that it cannot pass for a whole one', async () => {
    const url = await serveForTest((_req, res) => {
      res.writeHead(200, { 'content-type': 'text/csv' });
      res.write('a,b\n', () => sendProblem(res, new Error('the cursor broke'), TRACEPARENT));
    });

    const response = await fetch(url);

    await expect(response.text()).rejects.toThrow();
  });

  it('leaves an answer alone that is already whole', async () => {
    const url = await serveForTest((_req, res) => {
      res.end('whole');
      sendProblem(res, new Error('after the fact'), TRACEPARENT);
    });

    expect(await (await fetch(url)).text()).toBe('whole');
  });
});
