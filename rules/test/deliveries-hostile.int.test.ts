import { ask } from '@millrace/testing/ask';
import { type Endpoint, openEndpoint } from '@millrace/testing/endpoint';
import type { RunningService } from '@millrace/testing/start-service';
import { waitUntil } from '@millrace/testing/wait-until';
import { afterAll, afterEach, beforeAll, describe, expect, inject, it } from 'vitest';
import { deliveryOf, distancesByUser, FAST, makeDelivery, untilAccepted, untilShown } from './deliveries.ts';
import { account, newId, openRulesBed, type RulesBed, run } from './rules-bed.ts';

let bed: RulesBed;
let service: RunningService;
let endpoint: Endpoint;
let definition: Readonly<Record<string, unknown>>;
let path: string;

beforeAll(async () => {
  bed = await openRulesBed(inject('stack'));
  endpoint = await openEndpoint();
  service = await bed.startRules(FAST);
  path = `${service.url}/v1/deliveries`;
  definition = { name: 'runs', stream: bed.name('fitness/running'), url: endpoint.url };
});
afterAll(async () => {
  await endpoint?.close();
  await bed?.close();
});
afterEach(async () => {
  endpoint.clear();
  const { body } = await ask(`${path}?limit=1000`);
  for (const { delivery_id: id } of Array.isArray(body) ? body : []) await ask(`${path}/${id}`, 'DELETE');
});

const post = (body: string) => fetch(path, { method: 'POST', headers: { 'content-type': 'application/json' }, body });

describe('deliveries', () => {
  it('are not made from bodies that are none', async () => {
    const json = JSON.stringify(definition);
    const bodies = [
      ...['', 'null', '5', '[]', '{', '"x"', '\u0000', `${json}${json}`, '['.repeat(30_000), '{"a":'.repeat(10_000)],
      ...[`${json.slice(0, -1)},"__proto__":{"secret":"x"}}`, `${json.slice(0, -1)},"constructor":{}}`],
      JSON.stringify({ ...definition, name: 'x'.repeat(201) }),
      JSON.stringify({ ...definition, name: '\ud800' }),
      JSON.stringify({ ...definition, name: ['x'] }),
      JSON.stringify({ ...definition, stream: '__proto__' }),
      JSON.stringify({ ...definition, url: `http://me:secret@${new URL(endpoint.url).host}/` }),
      JSON.stringify({ ...definition, url: `${endpoint.url}?${'x'.repeat(2_000)}` }),
      JSON.stringify({ ...definition, url: 'javascript:alert(1)' }),
      JSON.stringify({ ...definition, url: 'file:///etc/passwd' }),
      JSON.stringify({ ...definition, url: 'http://[::1' }),
      JSON.stringify({ ...definition, filter: 'event.distance > 1.0 || '.repeat(160) }),
      JSON.stringify({ ...definition, filter: `${'('.repeat(2_000)}true${')'.repeat(2_000)}` }),
      JSON.stringify({ ...definition, filter: `event.source.matches("${'(a+)+'.repeat(500)}$")` }),
      JSON.stringify({ ...definition, secret: `whsec_${'A'.repeat(40_000)}` }),
      JSON.stringify({ ...definition, from: '+275760-09-13T00:00:00Z' }),
    ];

    for (const body of bodies) expect([body.slice(0, 60), (await post(body)).status]).toEqual([body.slice(0, 60), 400]);

    expect((await post(JSON.stringify({ ...definition, padding: 'x'.repeat(100_000) }))).status).toBe(413);
    expect((await ask(path)).body).toEqual([]);
  });

  it('keep what they are given, letter by letter', async () => {
    const given = {
      ...definition,
      name: '\u0000__proto__ \u202e😀'.padEnd(200, '😀').slice(0, 200),
      url: `${endpoint.url}?q=${'ü'.repeat(1_900)}`,
      filter: `event.source != "${'ß'.repeat(4_000)}"`,
    };

    const { delivery_id: id } = await makeDelivery(service.url, given);

    expect(await deliveryOf(service.url, id)).toMatchObject(given);
  });

  it('are found by no id and no cursor but their own', async () => {
    for (const id of ['x', '%00', '..%2f', newId(), 'x'.repeat(5_000)])
      expect((await ask(`${path}/${id}`)).status).toBe(404);

    const { delivery_id: id } = await makeDelivery(service.url, definition);
    for (const query of ['cursor=x', 'cursor=%00', 'limit=0', 'limit=-1', 'limit=1e3', 'limit=1001', 'nope=1'])
      for (const list of [path, `${path}/${id}/attempts`])
        expect([query, (await ask(`${list}?${query}`)).status]).toEqual([query, 400]);
    for (const body of [{}, { since: 'x' }, { since: '0001-01-01T00:00:00Z' }, { since: 5 }, { since: null }, []])
      expect((await ask(`${path}/${id}/recover`, 'POST', body)).status).toBe(400);
    const all = { since: '1000-01-01T00:00:00Z', until: '9999-12-31T23:59:59.999Z' };
    expect(await ask(`${path}/${id}/recover`, 'POST', all)).toMatchObject({ status: 202, body: { events: 0 } });
  });

  it('begin at the first event where they are to begin before there were any', async () => {
    const user = newId();
    const filter = `event.user_id == "${user}"`;
    await bed.publish('fitness/running', [run(user, 1), run(user, 2)]);

    await makeDelivery(service.url, { ...definition, filter, from: '1969-12-31T23:59:59.999Z' });

    await untilAccepted(endpoint, 2);
    expect(distancesByUser(endpoint.accepted())).toEqual({ [user]: [1, 2] });
  });

  it('pass over an event that their filter has no answer for, and say why', async () => {
    const name = 'x'.repeat(3_000);
    const [without, having] = [newId(), newId()];
    const { delivery_id: id } = await makeDelivery(service.url, {
      ...definition,
      stream: bed.name('rewards/accounts'),
      filter: `event.attributes["${name}"] == "yes"`,
    });

    await bed.publish('rewards/accounts', [account(without)], () => 0);
    await bed.publish('rewards/accounts', [account(having, { attributes: { [name]: 'yes' } })], () => 0);
    const [call] = await untilAccepted(endpoint, 1);

    expect(call?.event.account_id).toBe(having);
    const shown = await untilShown(service.url, id, ({ filter_errors: count }) => count === 1);
    expect(shown).toMatchObject({
      state: 'ok',
      last_filter_error: expect.stringMatching(/^No such key: x+/),
    });
  });

  it('hand on ten thousand events, each once and in order of its key', async () => {
    const users = Array.from({ length: 100 }, newId);
    const rounds = Array.from({ length: 100 }, (_, round) => round);
    await makeDelivery(service.url, definition);

    await bed.publish(
      'fitness/running',
      rounds.flatMap((round) => users.map((user) => run(user, round))),
    );
    await untilAccepted(endpoint, 10_000, 100_000);

    expect(endpoint.calls).toHaveLength(10_000);
    const byUser = distancesByUser(endpoint.accepted());
    for (const user of users) expect(byUser[user]).toEqual(rounds);
  });

  it('are a hundred at the most, also where more are made at the same time, and each gets its events', async () => {
    const answers = await Promise.all(
      Array.from({ length: 130 }, (_, n) => post(JSON.stringify({ ...definition, url: `${endpoint.url}?${n}` }))),
    );
    const made = answers.filter(({ status }) => status === 201).length;
    expect([made, answers.filter(({ status }) => status === 409).length]).toEqual([100, 30]);

    await bed.publish('fitness/running', [run(newId(), 1)]);
    await waitUntil(
      async () => new Set(endpoint.calls.map((call) => call.path)).size,
      (count) => count === 100,
      { withinMs: 90_000 },
    );

    const began = performance.now();
    expect((await ask(`${path}?limit=1000`)).body).toHaveLength(100);
    expect(performance.now() - began).toBeLessThan(5_000);
  });
});
