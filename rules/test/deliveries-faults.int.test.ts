import { selectRows } from '@millrace/core/database/run-sql';
import { ask } from '@millrace/testing/ask';
import { type Endpoint, openEndpoint } from '@millrace/testing/endpoint';
import type { RunningService } from '@millrace/testing/start-service';
import { waitUntil } from '@millrace/testing/wait-until';
import { Webhook } from 'standardwebhooks';
import { afterAll, afterEach, beforeAll, describe, expect, inject, it } from 'vitest';
import {
  deliveryOf,
  distancesByUser,
  FAST,
  makeDelivery,
  untilAccepted,
  untilCalls,
  untilShown,
} from './deliveries.ts';
import { newId, openRulesBed, type RulesBed, run } from './rules-bed.ts';

let bed: RulesBed;
let endpoint: Endpoint;
let stream: string;
const services: RunningService[] = [];

beforeAll(async () => {
  bed = await openRulesBed(inject('stack'));
  endpoint = await openEndpoint();
  stream = bed.name('fitness/running');
});
afterAll(async () => {
  await endpoint?.close();
  await bed?.close();
});
afterEach(async () => {
  const url = (await running()).url;
  const { body } = await ask(`${url}/v1/deliveries`);
  for (const { delivery_id: id } of Array.isArray(body) ? body : []) await ask(`${url}/v1/deliveries/${id}`, 'DELETE');
  await Promise.all(services.splice(0).map((each) => each.kill()));
  endpoint.clear();
});

async function start(env: Readonly<Record<string, string>> = {}): Promise<RunningService> {
  const service = await bed.startRules({ ...FAST, ...env });
  services.push(service);
  return service;
}

const running = async () => services.at(-1) ?? (await start());
const make = (url: string, more: object = {}) =>
  makeDelivery(url, { name: 'runs', stream, url: endpoint.url, ...more });

/** A hundred runs of ten users, in turn. */
const users = Array.from({ length: 10 }, newId);
const rounds = (first: number, count: number) =>
  Array.from({ length: count }, (_, round) => users.map((user) => run(user, first + round))).flat();

/** Whether each user's runs came first in their order, with none missing. */
function expectAll(count: number): void {
  const byUser = distancesByUser(endpoint.accepted());
  const all = Array.from({ length: count }, (_, at) => at);
  for (const user of users) expect(byUser[user]).toEqual(all);
}

describe('deliveries', () => {
  it('lose nothing and keep each key’s order when their process is killed in the middle', async () => {
    const first = await start();
    await make(first.url);
    endpoint.behave(async () => {
      await new Promise((resolve) => setTimeout(resolve, 10));
      return Math.random() < 0.1 ? 503 : 204;
    });
    await bed.publish('fitness/running', rounds(0, 30));

    for (const accepted of [40, 120, 200]) {
      await untilAccepted(endpoint, accepted);
      await services.at(-1)?.kill();
      await start();
    }
    await untilAccepted(endpoint, 300, 60_000);

    expectAll(30);
  });

  it('are shared by replicas, and taken over from one that is killed', async () => {
    const one = await start();
    const other = await start();
    await make(one.url);
    endpoint.behave(async () => {
      await new Promise((resolve) => setTimeout(resolve, 5));
      return 204;
    });
    await waitUntil(
      () => Promise.all([one, other].map(({ url }) => partitionsOf(url))),
      ([a = 0, b = 0]) => a >= 1 && b >= 1 && a + b === 3,
    );

    await bed.publish('fitness/running', rounds(0, 20));
    await untilAccepted(endpoint, 100);
    await one.kill();
    await bed.publish('fitness/running', rounds(20, 10));
    await untilAccepted(endpoint, 300, 60_000);

    expectAll(30);
    const repeated = endpoint.calls.length - endpoint.accepted().length;
    expect(repeated).toBeLessThan(100);
  });

  it('keep what failed for good, say how much it is, and try it again when asked', async () => {
    const { url } = await start({ DELIVERIES_RETRY_FOR_MS: '500' });
    endpoint.behave(() => 500);
    const { delivery_id: id } = await make(url);
    const since = new Date(Date.now() - 1_000).toISOString();
    const user = newId();
    await bed.publish('fitness/running', [run(user, 1), run(user, 2)]);

    const failed = await untilShown(url, id, (delivery) => delivery.failed === 2);
    expect(failed).toMatchObject({ state: 'ok', retrying: 0, last_error: 'answered 500' });
    const tries = endpoint.calls.filter(({ event }) => event.distance === 1);
    expect(tries.length).toBeGreaterThan(2);
    endpoint.clear();
    await bed.publish('fitness/running', [run(user, 3)]);
    await untilAccepted(endpoint, 1);

    const path = `${url}/v1/deliveries/${id}/recover`;
    const none = { since, until: new Date(Date.parse(since) + 1).toISOString(), dry_run: true };
    expect((await ask(path, 'POST', none)).body).toMatchObject({ dry_run: true, events: 0 });
    expect(await ask(path, 'POST', { since, dry_run: true })).toMatchObject({ status: 200, body: { events: 2 } });
    expect((await deliveryOf(url, id)).failed).toBe(2);
    expect(await ask(path, 'POST', { since })).toMatchObject({ status: 202, body: { dry_run: false, events: 2 } });
    await untilAccepted(endpoint, 3);

    expect(distancesByUser(endpoint.accepted())).toEqual({ [user]: [3, 1, 2] });
    expect(await untilShown(url, id, ({ waiting }) => waiting === 0)).toMatchObject({ state: 'ok', failed: 0 });
  });

  it('are signed with a new secret alone once its overlap with the one before is over', async () => {
    const { url } = await start({ DELIVERIES_SECRET_OVERLAP_SECONDS: '1' });
    const before = await make(url);
    const changed = { name: 'runs', stream, url: endpoint.url, secret: 'generate' };
    const { body } = await ask(`${url}/v1/deliveries/${before.delivery_id}`, 'PUT', changed);
    await untilShown(url, before.delivery_id, ({ secrets }) => Array.isArray(secrets) && secrets.length === 1);

    await bed.publish('fitness/running', [run(newId(), 1)]);
    const [call] = await untilAccepted(endpoint, 1);

    const verified = (secret: string) => new Webhook(secret).verify(call?.body ?? '', call?.headers ?? {});
    expect(verified(String(Object(body).secret))).toMatchObject({ distance: 1 });
    expect(() => verified(before.secret ?? '')).toThrow('No matching signature found');
  });

  it('read no further than they can keep, and lose nothing by it', async () => {
    const { url } = await start({ DELIVERIES_MOST_RETRYING: '5', DELIVERIES_RETRY_LONGEST_MS: '100' });
    endpoint.behave(() => 503);
    const { delivery_id: id } = await make(url);
    await bed.publish('fitness/running', rounds(0, 10), () => 0);

    const full = await untilShown(url, id, ({ retrying }) => retrying >= 5);
    expect(full.retrying).toBeLessThan(60);
    expect(full.waiting).toBe(100);
    endpoint.behave(() => 204);
    await untilAccepted(endpoint, 100, 60_000);

    expectAll(10);
  });

  it('connect to no private address where that is not allowed, also where it was allowed before', async () => {
    const before = await start();
    const { delivery_id: id } = await make(before.url, { url: endpoint.url.replace('127.0.0.1', 'localhost') });
    await before.stop();
    services.splice(0);
    const { url } = await start({ DELIVERIES_ALLOW_PRIVATE: 'no' });
    await bed.publish('fitness/running', [run(newId(), 1)]);

    const failing = await untilShown(url, id, ({ state }) => state === 'failing');

    expect(failing.state_reason).toMatch(/is a private address, and deliveries go to public ones/);
    expect(endpoint.calls).toEqual([]);
  });

  it('go on after a delivery whose topic has records that are no events', async () => {
    const { url } = await start();
    const { delivery_id: id } = await make(url);
    await bed.publishRaw('fitness/running', [{ partition: 0, key: Buffer.from('x'), value: Buffer.from('junk') }]);
    await bed.publish('fitness/running', [run(newId(), 1)], () => 0);

    await untilAccepted(endpoint, 1);

    expect(await untilShown(url, id, ({ waiting }) => waiting === 0)).toMatchObject({ state: 'ok' });
  });

  it('show their secrets in no log, no metric and no answer', async () => {
    const canary = `whsec_${Buffer.from('a canary that nobody may see').toString('base64')}`;
    const service = await start({ LOG_LEVEL: 'trace' });
    const { url } = service;
    endpoint.behave(() => 500);
    const made = await ask(`${url}/v1/deliveries`, 'POST', {
      name: 'x',
      stream,
      url: `${endpoint.url}?key=url-canary`,
      secret: canary,
    });
    const { delivery_id: id } = Object(made.body);
    await bed.publish('fitness/running', [run(newId(), 1)]);
    await untilCalls(endpoint, ({ length }) => length > 1);
    const path = `${url}/v1/deliveries/${id}`;
    const bad = await ask(path, 'PUT', { name: 1, stream, url: endpoint.url, secret: `${canary}!` });
    const answers = [made, bad, await ask(path), await ask(`${path}/attempts`), await ask(`${url}/v1/deliveries`)];
    const metrics = await waitUntil(
      () => fetch(`${url}/metrics`).then((response) => response.text()),
      (text) => text.includes('millrace_deliveries_state{'),
    );

    const kept = await selectRows<{ sealed: Buffer }>(bed.db, 'SELECT sealed FROM delivery_secrets');
    const sealed = kept.map((row) => row.sealed.toString('latin1')).join();
    expect(bad.status).toBe(400);
    for (const text of [JSON.stringify(answers), metrics, JSON.stringify(service.lines), sealed])
      expect(text).not.toContain(canary.slice(6, 30));
    for (const text of [metrics, JSON.stringify(service.lines)]) expect(text).not.toContain('url-canary');
    expect(metrics).toMatch(/millrace_deliveries_state\{[^}]*state="failing"[^}]*\} 1/);
    expect(metrics).toMatch(/millrace_deliveries_attempts_total\{[^}]*result="refused"/);
  });
});

async function partitionsOf(url: string): Promise<number> {
  const text = await fetch(`${url}/metrics`).then((response) => response.text());
  return Number(/^millrace_deliveries_partitions\{[^}]*\} (\d+)$/m.exec(text)?.[1] ?? 0);
}
