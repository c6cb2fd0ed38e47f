import { ask } from '@millrace/testing/ask';
import { type Endpoint, openEndpoint } from '@millrace/testing/endpoint';
import type { RunningService } from '@millrace/testing/start-service';
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
let service: RunningService;
let endpoint: Endpoint;
let stream: string;

beforeAll(async () => {
  bed = await openRulesBed(inject('stack'));
  endpoint = await openEndpoint();
  stream = bed.name('fitness/running');
  service = await bed.startRules(FAST);
});
afterAll(async () => {
  await endpoint?.close();
  await bed?.close();
});
afterEach(async () => {
  endpoint.clear();
  const { body } = await ask(`${service.url}/v1/deliveries`);
  for (const { delivery_id: id } of Array.isArray(body) ? body : [])
    await ask(`${service.url}/v1/deliveries/${id}`, 'DELETE');
});

const runs = (user: string, distances: readonly number[]) => distances.map((distance) => run(user, distance));
const publish = (user: string, ...distances: number[]) => bed.publish('fitness/running', runs(user, distances));
const make = (more: object = {}) =>
  makeDelivery(service.url, { name: 'runs', stream, url: endpoint.url, from: 'now', ...more });

describe('a delivery', () => {
  it('sends what is new, as it is shown and signed, and shows no secret again', async () => {
    const user = newId();
    await publish(user, 1);
    const { delivery_id: id, secret = '' } = await make();
    const [published] = await publish(user, 2.5);

    const [call] = await untilAccepted(endpoint, 1);

    expect(secret).toMatch(/^whsec_/);
    expect(call?.id).toBe(published?.value.event_id);
    expect(new Webhook(secret).verify(call?.body ?? '', call?.headers ?? {})).toMatchObject({
      ...{ user_id: user, distance: 2.5, duration: 60, source: 'test', event_id: call?.id },
      timestamp: new Date(Number(published?.value.timestamp)).toISOString(),
    });
    expect(call?.headers['content-type']).toBe('application/json');
    const shown = await untilShown(service.url, id, ({ waiting }) => waiting === 0);
    expect(shown).toMatchObject({ state: 'ok', retrying: 0, failed: 0, last_error: null });
    expect(JSON.stringify(shown)).not.toContain('whsec_');
    expect((await ask(`${service.url}/v1/deliveries/${id}/attempts`)).body).toMatchObject([
      { event_id: call?.id, attempt: 1, outcome: 'delivered', status: 204, error: null },
    ]);
  });

  it('begins at the start or at a time where it is asked to, and sends what its filter lets through', async () => {
    const user = newId();
    await publish(user, 11, 12);
    await new Promise((resolve) => setTimeout(resolve, 50));
    const between = new Date().toISOString();
    await new Promise((resolve) => setTimeout(resolve, 50));
    await publish(user, 13, 14);
    const filter = `event.user_id == "${user}" && event.distance != 13`;

    const fromTime = await make({ from: between, filter });
    await untilAccepted(endpoint, 1);
    await untilShown(service.url, fromTime.delivery_id, ({ waiting }) => waiting === 0);
    expect(distancesByUser(endpoint.accepted())).toEqual({ [user]: [14] });
    await ask(`${service.url}/v1/deliveries/${fromTime.delivery_id}`, 'DELETE');
    endpoint.clear();

    await make({ from: 'start', filter });
    await untilAccepted(endpoint, 3);
    expect(distancesByUser(endpoint.accepted())).toEqual({ [user]: [11, 12, 14] });
  });

  it('tries again what is not accepted, in order of its key, and lets other keys pass', async () => {
    const [good, bad] = [newId(), newId()];
    let isUp = false;
    endpoint.behave(({ event }) => (event.user_id === bad && !isUp ? 500 : 204));
    const { delivery_id: id } = await make();

    await bed.publish('fitness/running', [run(bad, 1), run(good, 1), run(bad, 2), run(good, 2), run(bad, 3)], () => 0);
    await untilAccepted(endpoint, 2);
    await bed.publish('fitness/running', [run(good, 3), run(bad, 4)], () => 0);
    await untilAccepted(endpoint, 3);
    const failing = await untilShown(service.url, id, ({ retrying }) => retrying === 4);
    expect(failing).toMatchObject({
      state: 'failing',
      state_reason: 'answered 500',
      last_error: 'answered 500',
      waiting: 4,
    });
    expect(failing.state_since).not.toBeNull();
    const whileDown = endpoint.calls.filter(({ event }) => event.user_id === bad);
    expect(new Set(whileDown.map(({ event }) => event.distance))).toEqual(new Set([1]));

    isUp = true;
    await untilAccepted(endpoint, 7);

    expect(distancesByUser(endpoint.accepted())).toEqual({ [good]: [1, 2, 3], [bad]: [1, 2, 3, 4] });
    expect(await untilShown(service.url, id, ({ waiting }) => waiting === 0)).toMatchObject({ state: 'ok' });
  });

  it('waits for an endpoint that hangs no longer than its time, and holds up no other delivery', async () => {
    const [slow, quick] = [endpoint, await openEndpoint()];
    slow.behave(() => undefined);
    const hanging = await make();
    await make({ url: quick.url });
    const user = newId();

    await publish(user, 1, 2, 3);
    await untilAccepted(quick, 3, 5_000);

    expect(await untilShown(service.url, hanging.delivery_id, ({ state }) => state === 'failing')).toMatchObject({
      state_reason: 'did not answer within 1 s',
    });
    slow.behave(() => 204);
    await untilAccepted(slow, 3);
    expect(distancesByUser(slow.accepted())).toEqual({ [user]: [1, 2, 3] });
    await quick.close();
  });

  it('leaves an endpoint alone for as long as it asks', async () => {
    let isFirst = true;
    endpoint.behave((_, res) => {
      if (!isFirst) return 204;
      isFirst = false;
      res.writeHead(429, { 'retry-after': '2' }).end();
      return undefined;
    });
    const { delivery_id: id } = await make();

    await publish(newId(), 1);
    await untilCalls(endpoint, ({ length }) => length === 1);
    await publish(newId(), 2);
    const asked = await untilShown(service.url, id, ({ left_alone_until: until }) => until !== null);
    await untilAccepted(endpoint, 2);

    expect(asked.state).toBe('failing');
    const [first, ...later] = endpoint.calls;
    for (const { at } of later) expect(at - (first?.at ?? 0)).toBeGreaterThanOrEqual(1_990);
  });

  it('stops when the endpoint is gone, says so, and goes on where it was once it is resumed', async () => {
    endpoint.behave(() => 410);
    const { delivery_id: id } = await make();
    const user = newId();

    await publish(user, 1, 2);
    const gone = await untilShown(service.url, id, ({ state }) => state === 'gone');
    expect(gone.state_reason).toBe('the endpoint answered 410 Gone');
    endpoint.clear();
    await publish(user, 3);
    await new Promise((resolve) => setTimeout(resolve, 1_500));
    expect(endpoint.calls).toEqual([]);

    const { body } = await ask(`${service.url}/v1/deliveries/${id}/resume`, 'POST');
    expect(body).toMatchObject({ state: 'failing', waiting: 3 });
    await untilAccepted(endpoint, 3);
    expect(distancesByUser(endpoint.accepted())).toEqual({ [user]: [1, 2, 3] });
  });

  it('sends nothing while it is paused, but a test', async () => {
    const { delivery_id: id, secret = '' } = await make();
    const url = `${service.url}/v1/deliveries/${id}`;
    expect((await ask(`${url}/pause`, 'POST')).body).toMatchObject({
      state: 'paused',
      state_reason: 'it was paused by a request',
    });
    await untilShown(service.url, id, ({ state }) => state === 'paused');
    await new Promise((resolve) => setTimeout(resolve, 1_500));
    const user = newId();
    await publish(user, 1);

    const { body } = await ask(`${url}/test`, 'POST');

    expect(body).toMatchObject({ ok: true, status: 204, error: null });
    const [call, ...others] = endpoint.calls;
    expect(others).toEqual([]);
    expect(new Webhook(secret).verify(call?.body ?? '', call?.headers ?? {})).toMatchObject({ event_id: call?.id });
    expect(await deliveryOf(service.url, id)).toMatchObject({ state: 'paused', waiting: 1 });
    endpoint.clear();
    await ask(`${url}/resume`, 'POST');
    await untilAccepted(endpoint, 1);
    expect(distancesByUser(endpoint.accepted())).toEqual({ [user]: [1] });
  });

  it('signs with both secrets for a while after a rotation', async () => {
    const before = await make();
    const id = before.delivery_id;
    const definition = { name: 'runs', stream, url: endpoint.url, secret: 'generate' };
    const { body } = await ask(`${service.url}/v1/deliveries/${id}`, 'PUT', definition);
    const after = String(Object(body).secret);
    await new Promise((resolve) => setTimeout(resolve, 1_500));

    await publish(newId(), 1);
    const [call] = await untilAccepted(endpoint, 1);

    for (const secret of [before.secret ?? '', after])
      expect(new Webhook(secret).verify(call?.body ?? '', call?.headers ?? {})).toMatchObject({ distance: 1 });
    expect(after).not.toBe(before.secret);
    expect(call?.headers['webhook-signature']?.split(' ')).toHaveLength(2);
    const shown = await deliveryOf(service.url, id);
    expect(shown.secrets).toMatchObject([{ ends_at: null }, { ends_at: expect.stringMatching(/Z$/) }]);
  });
});
