import { ask } from '@millrace/testing/ask';
import type { RunningService } from '@millrace/testing/start-service';
import { waitUntil } from '@millrace/testing/wait-until';
import { afterAll, beforeAll, describe, expect, inject, it } from 'vitest';
import { account, makeRule, newId, onceEach, openRulesBed, type RulesBed, run, song, untilCount } from './rules-bed.ts';

let bed: RulesBed;
let service: RunningService;
let running: string;

beforeAll(async () => {
  bed = await openRulesBed(inject('stack'));
  service = await bed.startRules({ RULES_SHIPPED: 'on' });
  running = bed.name('fitness/running');
});
afterAll(() => bed?.close());

const metric = async (name: string) =>
  Number(
    new RegExp(`^${name}(?:\\{[^}]*\\})? (\\S+)$`, 'm').exec(await (await fetch(`${service.url}/metrics`)).text())?.[1],
  );
const rulesNow = async () => (await ask(`${service.url}/v1/rules`)).body;

describe('shipped rules', () => {
  it('are made once, and stay as they are changed and ended', async () => {
    const before = await rulesNow();
    const [first, second] = before as { rule_id: string; name: string }[];
    await ask(`${service.url}/v1/rules/${first?.rule_id}/mode`, 'POST', { mode: 'off' });
    await ask(`${service.url}/v1/rules/${second?.rule_id}`, 'DELETE');
    const changed = await rulesNow();

    await service.stop();
    service = await bed.startRules({ RULES_SHIPPED: 'on' });

    expect(before).toHaveLength(6);
    expect(changed).toHaveLength(5);
    expect(await rulesNow()).toEqual(changed);
  });

  it('find a run that is too long', async () => {
    const user = newId();

    await bed.publish('fitness/running', [run(user, 90_000, { duration: 30_000 })]);
    const found = await untilCount(bed, 'rewards/anomalies', 1);

    expect(found).toMatchObject([{ account_id: user, values: { 'event.distance': 90_000 } }]);
  });
});

describe('a rule that fails', () => {
  it('is turned off with the reason, and the others go on', async () => {
    const user = newId();
    await bed.publish('rewards/accounts', [account(user)]);
    const other = await makeRule(service.url, {
      ...{ name: 'other', kind: 'win', streams: [running], when: 'event.distance == 1234' },
    });
    const failing = await makeRule(service.url, {
      ...{ name: 'failing', kind: 'win', streams: [running], when: 'account.attributes["tier"] == "gold"' },
    });

    await bed.publish(
      'fitness/running',
      Array.from({ length: 30 }, () => run(user, 1_234)),
    );
    const rule = await waitUntil(
      async () => (await ask(`${service.url}/v1/rules/${failing}`)).body,
      (body) => JSON.stringify(body).includes('"mode":"off"'),
    );
    await bed.publish('fitness/running', [run(user, 1_234)]);
    const won = await waitUntil(
      () => onceEach(bed, 'rewards/won-events'),
      (found) => found.filter(({ rule_id }) => rule_id === other).length === 31,
    );

    expect(rule).toMatchObject({ version: 1, mode_reason: expect.stringMatching(/^turned off: \d+ of its last \d+/) });
    expect(won.filter(({ rule_id }) => rule_id === failing)).toEqual([]);
    const alert = await waitUntil(
      async () =>
        (await onceEach(bed, 'rewards/rule-evaluations')).filter(
          ({ rule_id, cause }) => rule_id === failing && String(cause).startsWith('turned off at '),
        ),
      (found) => found.length > 0,
    );
    expect(alert).toMatchObject([{ outcome: 'error', reason: expect.stringContaining('evaluations failed') }]);
    expect(await metric('millrace_rules_turned_off_total')).toBe(1);
    expect(service.lines.filter(({ rule_id, level }) => rule_id === failing && level === 'error')).toHaveLength(1);
  });
});

describe('a record of rules that can not be used', () => {
  it('is counted and shown, and leaves its rule and the others as they are', async () => {
    const user = newId();
    const before = await metric('millrace_rules_unusable_records_total');
    const ruleId = await makeRule(service.url, {
      ...{ name: 'kept', kind: 'win', streams: [running], when: 'event.distance == 4321' },
    });
    const junk = [Buffer.alloc(0), Buffer.from([0, 128, 0, 0, 0]), Buffer.from('junk'), Buffer.alloc(50_000)];

    await bed.publishRaw('rewards/rules', [
      ...junk.map((value) => ({ partition: 0, key: Buffer.from(ruleId), value })),
      { partition: 0, key: null, value: null },
    ]);
    await waitUntil(
      () => metric('millrace_rules_unusable_records_total'),
      (count) => count === (before || 0) + 5,
    );
    await bed.publish('fitness/running', [run(user, 4_321)]);
    await waitUntil(
      () => onceEach(bed, 'rewards/won-events'),
      (won) => won.some(({ account_id }) => account_id === user),
    );

    const { body } = await ask(`${service.url}/v1/rules/${ruleId}`);
    expect(body).toMatchObject({ version: 1, faults: [{ message: expect.stringContaining('can not be used') }] });
    const health = await (await fetch(`${service.url}/readyz`)).text();
    expect(health).toContain('5 records can not be used');
  });
});

describe('a rule on a schedule', () => {
  it('is evaluated for each account at each multiple of its period', async () => {
    const [busy, idle] = [newId(), newId()];
    await bed.publish('rewards/accounts', [account(busy), account(idle)]);
    await bed.publish('fitness/running', [run(busy, 1_000), run(busy, 2_000)]);

    const ruleId = await makeRule(service.url, {
      ...{ name: 'idle', kind: 'win', streams: [running], when: 'windows.runs == 0', every: '1m' },
      windows: { runs: { over: '1h', kind: 'sliding', measure: 'count' } },
    });
    const won = await waitUntil(
      async () => (await onceEach(bed, 'rewards/won-events')).filter(({ rule_id }) => rule_id === ruleId),
      (found) => found.some(({ account_id }) => account_id === idle),
      { withinMs: 90_000, everyMs: 1_000 },
    );

    const own = won.filter(({ account_id }) => account_id === busy || account_id === idle);
    expect(own.every(({ account_id }) => account_id === idle)).toBe(true);
    expect(own[0]?.cause).toMatch(/^every 60s at \d{4}-\d\d-\d\dT\d\d:\d\d:00\.000Z$/);
    expect(Number(own[0]?.won_at) % 60_000).toBe(0);
  });
});

describe('a topic that is deleted while rules run', () => {
  it('is made again and evaluated from its start; neither other streams nor the process end', async () => {
    const { topic, name } = bed.stream('fitness/music');
    const user = newId();
    await bed.publish('fitness/music', [song(user), song(user), song(user)]);
    const songs = await makeRule(service.url, {
      ...{ name: 'songs', kind: 'win', streams: [name], when: 'event.song_name == "again"' },
    });
    const runs = await makeRule(service.url, {
      ...{ name: 'runs', kind: 'win', streams: [running], when: 'event.distance == 7777' },
    });
    const winsOf = async (ruleId: string) =>
      (await onceEach(bed, 'rewards/won-events')).filter(({ rule_id }) => rule_id === ruleId);

    await bed.admin.deleteTopics([topic]);
    await bed.publish('fitness/running', [run(user, 7_777)]);
    await waitUntil(
      () => winsOf(runs),
      (won) => won.length === 1,
    );
    await waitUntil(
      async () => (await fetch(`${service.url}/readyz`)).status,
      (status) => status === 200,
    );
    await bed.publish('fitness/music', [song(user, { song_name: 'again' })]);

    await waitUntil(
      () => winsOf(songs),
      (won) => won.length === 1,
    );
    expect(() => process.kill(service.pid, 0)).not.toThrow();
    expect(await (await fetch(`${service.url}/readyz`)).text()).toContain('topics');
  });
});
