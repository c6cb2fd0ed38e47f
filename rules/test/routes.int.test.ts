import { ask } from '@millrace/testing/ask';
import type { RunningService } from '@millrace/testing/start-service';
import { afterAll, beforeAll, describe, expect, inject, it } from 'vitest';
import { z } from 'zod';
import { account, makeRule, newId, openRulesBed, type RulesBed, run, untilCount } from './rules-bed.ts';

let bed: RulesBed;
let replicas: RunningService[];
let url: string;
let running: string;

beforeAll(async () => {
  bed = await openRulesBed(inject('stack'));
  replicas = await Promise.all([bed.startRules(), bed.startRules()]);
  url = replicas[0]?.url ?? '';
  running = bed.name('fitness/running');
});
afterAll(() => bed?.close());

const faults = (body: unknown) =>
  z.object({ errors: z.array(z.object({ pointer: z.string(), message: z.string() })) }).parse(body).errors;
const dryAnswer = z.object({
  ...{ evaluated: z.number(), would_win: z.number(), accounts_affected: z.number(), errors: z.number() },
  examples: z.array(z.object({ event_id: z.string() })),
  source: z.object({ epoch: z.string(), from_index: z.number(), to_index: z.number(), as_of: z.string() }),
  newly: z.number().optional(),
  no_longer: z.number().optional(),
});

describe('POST /v1/rules', () => {
  it('names every fault, those of the condition with their place', async () => {
    const { status, body } = await ask(`${url}/v1/rules`, 'POST', {
      ...{ name: 'x', kind: 'win', streams: [running, bed.name('rewards/anomalies'), 'nothing'] },
      windows: { km: { over: '7d', kind: 'tumbling', measure: 'sum(title)', timezone: 'Mars/Base' } },
      when: 'windows.km > 1 &&\n  event.nope > 2',
      every: '1s',
    });

    expect(status).toBe(400);
    expect(
      faults(body)
        .map(({ pointer }) => pointer)
        .sort(),
    ).toEqual(['/streams/1', '/streams/2', '/every', '/windows/km/measure', '/windows/km/timezone', '/when'].sort());
  });

  it('says where in the condition an unknown field and a wrong type are', async () => {
    const rule = { name: 'x', kind: 'win', streams: [running] };
    const unknown = await ask(`${url}/v1/rules`, 'POST', { ...rule, when: 'true &&\n  event.nope > 2' });
    const wrong = await ask(`${url}/v1/rules`, 'POST', { ...rule, when: 'event.distance > "far"' });

    expect(faults(unknown.body)).toEqual([{ pointer: '/when', message: 'line 2, column 9: there is no field nope' }]);
    expect(faults(wrong.body)[0]?.message).toContain('line 1, column 1: no such overload: double > string');
  });

  it('names what a body has and lacks', async () => {
    const { status, body } = await ask(`${url}/v1/rules`, 'POST', { kind: 'prize', when: 'true', speed: 1 });

    expect(status).toBe(400);
    expect(
      faults(body)
        .map(({ pointer }) => pointer)
        .sort(),
    ).toEqual(['/kind', '/name', '/speed', '/streams']);
  });
});

describe('a rule', () => {
  it('has versions and a mode, which another replica answers at once, and ends', async () => {
    const definition = { name: 'far', kind: 'win', streams: [running], when: 'event.distance > 42000.0' };
    const id = await makeRule(url, definition);
    const other = replicas[1]?.url ?? '';

    const changed = await ask(`${url}/v1/rules/${id}`, 'PUT', { ...definition, when: 'event.distance > 43000.0' });
    const shadow = await ask(`${other}/v1/rules/${id}/mode`, 'POST', { mode: 'shadow' });
    const now = await ask(`${url}/rules/${id}`);
    const versions = await ask(`${other}/v1/rules/${id}/versions`);
    const list = await ask(`${other}/v1/rules?limit=1`);

    expect(changed).toMatchObject({ status: 200, body: { rule_id: id, version: 2 } });
    expect(shadow.body).toEqual({ rule_id: id, version: 2, mode: 'shadow' });
    expect(now.body).toMatchObject({ rule_id: id, version: 2, mode: 'shadow', when: 'event.distance > 43000.0' });
    expect(versions.body).toMatchObject([
      { version: 1, mode: 'on' },
      { version: 2, mode: 'shadow' },
    ]);
    expect(list.body).toHaveLength(1);
    expect((await ask(`${other}/v1/rules/${id}`, 'DELETE')).status).toBe(202);
    expect((await ask(`${url}/v1/rules/${id}`)).status).toBe(404);
    expect((await ask(`${url}/v1/rules/${id}/mode`, 'POST', { mode: 'on' })).status).toBe(404);
  });

  it('says in the shadow what it would have won, and wins nothing', async () => {
    const user = newId();
    await makeRule(url, { name: 's', kind: 'win', mode: 'shadow', streams: [running], when: 'event.distance == 31' });

    await bed.publish('fitness/running', [run(user, 31)]);
    const said = await untilCount(bed, 'rewards/rule-evaluations', 1);

    expect(said).toMatchObject([{ account_id: user, outcome: 'shadow', reason: 'unknown account' }]);
    expect(await bed.read('rewards/won-events')).toEqual([]);
  });
});

describe('POST /v1/rules?dry_run=true', () => {
  it('says what a rule would have done, the same when asked again, and emits nothing', async () => {
    const [gold, plain] = [newId(), newId()];
    const from = new Date().toISOString();
    await bed.publish('rewards/accounts', [account(gold, { attributes: { tier: 'gold' } }), account(plain)]);
    await bed.publish('fitness/running', [run(gold, 600), run(gold, 700), run(plain, 800)]);
    const rule = {
      name: 'dry',
      kind: 'win',
      streams: [running],
      when: 'has(account.attributes.tier) && event.distance > 100',
    };
    await bed.publish('rewards/accounts', [account(plain, { attributes: { tier: 'gold' } })]);
    await new Promise((resolve) => setTimeout(resolve, 150));
    const to = new Date().toISOString();
    const question = `${url}/v1/rules?dry_run=true&from=${from}&to=${to}`;

    const first = dryAnswer.parse((await ask(question, 'POST', rule)).body);
    await bed.publish('fitness/running', [run(gold, 900)]);
    const again = dryAnswer.parse((await ask(question, 'POST', rule)).body);
    const current = dryAnswer.parse((await ask(`${question}&accounts=current`, 'POST', rule)).body);

    expect(first).toMatchObject({ evaluated: 3, would_win: 2, accounts_affected: 1, errors: 0 });
    expect({ ...again, ms: 0 }).toEqual({ ...first, ms: 0 });
    expect(current).toMatchObject({ evaluated: 3, would_win: 3 });
    expect(await bed.read('rewards/won-events')).toEqual([]);
  });

  it('compares a rule with the version in use', async () => {
    const from = new Date().toISOString();
    const rule = { name: 'used', kind: 'win', mode: 'off', streams: [running], when: 'event.distance > 100' };
    const id = await makeRule(url, rule);
    await bed.publish('fitness/running', [run(newId(), 150), run(newId(), 90), run(newId(), 60)]);
    await new Promise((resolve) => setTimeout(resolve, 150));

    const { body } = await ask(`${url}/v1/rules?dry_run=true&from=${from}`, 'POST', {
      ...{ ...rule, rule_id: id, when: 'event.distance < 100' },
    });

    expect(dryAnswer.parse(body)).toMatchObject({ evaluated: 3, would_win: 2, newly: 2 });
  });
});
