import { ensureTopics } from '@millrace/core/stream/ensure-topics';
import { ask } from '@millrace/testing/ask';
import type { RunningService } from '@millrace/testing/start-service';
import { waitUntil } from '@millrace/testing/wait-until';
import { afterAll, beforeAll, describe, expect, inject, it } from 'vitest';
import { z } from 'zod';
import { answerDryRun } from '../dry/answer-dry-run.ts';
import { compileDefinition } from '../rule/compile-definition.ts';
import { ruleDefinition } from '../rule/definition.ts';
import type { Subjects } from '../streams/subjects.ts';
import { openDry } from './open-dry.ts';
import { makeRule, newId, onceEach, openRulesBed, type RulesBed, run, untilCount } from './rules-bed.ts';

let bed: RulesBed;
let replicas: RunningService[];
let running: string;
const before = new Date().toISOString();

beforeAll(async () => {
  bed = await openRulesBed(inject('stack'));
  const settings = { RULES_DRY_RUN_SECONDS: '0', RULES_KEEP_NOT_WON: '1' };
  replicas = await Promise.all([bed.startRules(settings), bed.startRules(settings)]);
  running = bed.name('fitness/running');
});
afterAll(() => bed?.close());

const url = (index: number) => replicas[index]?.url ?? '';
const gap = z.object({
  version: z.number(),
  from: z.string().nullable(),
  to: z.string().nullable(),
  reason: z.string(),
});
const runAnswer = z.object({
  ...{ run_id: z.string(), kind: z.string(), state: z.string(), message: z.string().nullable() },
  result: z.record(z.string(), z.unknown()).nullable(),
});

const gapsOf = async (ruleId: string) => z.array(gap).parse((await ask(`${url(0)}/v1/rules/${ruleId}/gaps`)).body);

/** What a run that was begun on one replica came to, asked of the other. */
const untilEnded = (runId: string) =>
  waitUntil(
    async () => runAnswer.parse((await ask(`${url(1)}/v1/rule-runs/${runId}`)).body),
    ({ state }) => state === 'done' || state === 'failed',
  );

async function fill(ruleId: string, range: object) {
  const { status, headers, body } = await ask(`${url(0)}/v1/rules/${ruleId}/evaluate`, 'POST', range);
  expect(status).toBe(202);
  const { run_id: runId } = runAnswer.parse(body);
  expect(headers.get('location')).toBe(`/v1/rule-runs/${runId}`);
  return untilEnded(runId);
}

async function winsOf(user: string, ruleId: string) {
  const won = await onceEach(bed, 'rewards/won-events');
  return won.filter((each) => each.account_id === user && each.rule_id === ruleId);
}

describe('what a rule never saw', () => {
  it('is a gap, and is evaluated when it is asked for: as it would have been live, once', async () => {
    const user = newId();
    const far = { name: 'far', kind: 'win', streams: [running], when: 'windows.m >= 1000 && event.distance > 5' };
    const rule = { ...far, windows: { m: { over: '1d', kind: 'sliding', measure: 'sum(distance)' } } };
    await bed.publish('fitness/running', [run(user, 600), run(user, 700)]);
    const ruleId = await makeRule(url(0), rule);
    await bed.publish('fitness/running', [run(user, 10)]);
    await untilCount(bed, 'rewards/won-events', 1);
    const mode = (to: string) => ask(`${url(1)}/v1/rules/${ruleId}/mode`, 'POST', { mode: to });
    await mode('off');
    const offAt = (await gapsOf(ruleId)).at(-1)?.from;
    await bed.publish('fitness/running', [run(user, 20)]);
    const refused = await ask(`${url(0)}/v1/rules/${ruleId}/evaluate`, 'POST', {});
    await mode('on');
    const gaps = await gapsOf(ruleId);

    const first = await fill(ruleId, { from: before });
    const again = await fill(ruleId, {});

    expect(refused).toMatchObject({ status: 409, body: { code: 'wrong-state' } });
    expect(gaps).toMatchObject([
      { version: 1, from: null, reason: 'made later' },
      { version: 1, from: offAt, reason: 'off' },
    ]);
    expect(first).toMatchObject({ kind: 'fill', state: 'done', result: { evaluated: 3, won: 2, errors: 0 } });
    expect(again).toMatchObject({ state: 'done', result: { evaluated: 0, won: 0 } });
    expect(await gapsOf(ruleId)).toEqual([]);
    const won = await winsOf(user, ruleId);
    expect(won.map(({ values }) => values)).toEqual([
      { 'event.distance': 10, 'windows.m': 1_310 },
      { 'event.distance': 700, 'windows.m': 1_300 },
      { 'event.distance': 20, 'windows.m': 1_330 },
    ]);
  });

  it('is evaluated by itself from effective_from on, with what follows from its wins', async () => {
    const user = newId();
    const follower = await makeRule(url(0), {
      ...{ name: 'follows', kind: 'win', streams: [bed.name('rewards/won-events')] },
      when: 'event.depth == 0 && event.rule_version == 1',
    });
    await bed.publish('fitness/running', [run(user, 42)]);
    await bed.publish('fitness/running', [run(user, 43)]);

    const ruleId = await makeRule(url(0), {
      ...{ name: 'early', kind: 'win', streams: [running], when: 'event.distance == 42 || event.distance == 43' },
      effective_from: before,
    });
    const won = await waitUntil(
      () => winsOf(user, ruleId),
      (found) => found.length === 2,
    );

    await waitUntil(
      () => gapsOf(ruleId),
      (gaps) => gaps.length === 0,
    );
    const followed = await winsOf(user, follower);
    expect(followed.map(({ cause }) => cause)).toEqual(won.map(({ event_id }) => event_id));
    expect(followed.map(({ depth }) => depth)).toEqual([1, 1]);
  });

  it('is not evaluated for a range that is none', async () => {
    const ruleId = await makeRule(url(0), { name: 'x', kind: 'win', streams: [running], when: 'false' });
    const later = new Date(Date.now() + 60_000).toISOString();

    const backwards = await ask(`${url(0)}/v1/rules/${ruleId}/evaluate`, 'POST', { from: later, to: before });
    const unknown = await ask(`${url(0)}/v1/rules/${newId()}/evaluate`, 'POST', {});
    const nothing = await ask(`${url(0)}/v1/rule-runs/none`);

    expect([backwards.status, unknown.status, nothing.status]).toEqual([400, 404, 404]);
  });
});

it('a dry run that takes longer is shown by every replica', async () => {
  const user = newId();
  await bed.publish('fitness/running', [run(user, 77), run(user, 77)]);
  const rule = { name: 'dry', kind: 'win', streams: [running], when: 'event.distance == 77' };

  const { status, body } = await ask(`${url(0)}/v1/rules?dry_run=true&from=${before}`, 'POST', rule);
  const ended = await untilEnded(runAnswer.parse(body).run_id);

  expect(status).toBe(202);
  expect(ended).toMatchObject({ kind: 'dry', state: 'done', result: { would_win: 2, accounts_affected: 1 } });
});

it('a fill goes on where its process was killed', async () => {
  const user = newId();
  await bed.publish(
    'fitness/running',
    Array.from({ length: 20_000 }, () => run(user, 5_555)),
  );
  const rule = { name: 'killed', kind: 'win', streams: [running], when: 'event.distance == 5555' };
  const ruleId = await makeRule(url(1), rule);

  const { body } = await ask(`${url(0)}/v1/rules/${ruleId}/evaluate`, 'POST', {});
  await replicas[0]?.kill();
  replicas[0] = await bed.startRules({ RULES_DRY_RUN_SECONDS: '0' });
  const ended = await waitUntil(
    async () => runAnswer.parse((await ask(`${url(1)}/v1/rule-runs/${runAnswer.parse(body).run_id}`)).body),
    ({ state }) => state === 'done',
    { withinMs: 90_000 },
  );

  expect(ended.result).toMatchObject({ won: 20_000 });
  expect(await winsOf(user, ruleId)).toHaveLength(20_000);
});

it('an answer says by its epoch that a topic was made again', async () => {
  await Promise.all(replicas.map((replica) => replica.kill()));
  const dry = await openDry(bed);
  const candidate = compiled(dry.options.subjects);
  const to = Date.now();
  const answer = () =>
    answerDryRun(
      { candidate, current: undefined, from: Date.parse(before), to, currentAccounts: false },
      dry.options,
      () => undefined,
      new AbortController().signal,
    );

  const [first, again] = [await answer(), await answer()];
  const { topic } = bed.stream('fitness/running');
  await bed.admin.deleteTopics([topic]);
  await waitUntil(
    () =>
      ensureTopics(bed.admin, bed.streams, 1)
        .then(() => bed.publish('fitness/running', [run(newId(), 1)]))
        .catch(() => []),
    (written) => written.length > 0,
  );
  const other = await answer();
  await dry.close();

  expect({ ...again, ms: 0 }).toEqual({ ...first, ms: 0 });
  expect(other.source.epoch).not.toBe(first.source.epoch);
});

function compiled(subjects: Subjects) {
  const definition = ruleDefinition.parse({ name: 'x', kind: 'win', streams: [running], when: 'event.distance > 500' });
  const found = compileDefinition(definition, { ruleId: newId(), version: 1 }, subjects);
  if ('faults' in found) throw new Error(JSON.stringify(found.faults));
  return found.rule;
}
