import { selectRows } from '@millrace/core/database/run-sql';
import type { Value } from '@millrace/core/schema/from-json';
import { topicOffsets } from '@millrace/core/stream/topic-offsets';
import { ask } from '@millrace/testing/ask';
import { randomFrom } from '@millrace/testing/random-from';
import type { RunningService } from '@millrace/testing/start-service';
import { waitUntil } from '@millrace/testing/wait-until';
import { afterAll, beforeAll, expect, inject, it } from 'vitest';
import type { Catalog } from '../catalog/catalog.ts';
import { type DryOptions, dryRun } from '../dry/dry-run.ts';
import type { Outcome } from '../evaluate/outcome.ts';
import { outcomeId } from '../evaluate/outcome.ts';
import { readPosition } from '../live/position-json.ts';
import { evaluationValue, wonValue } from '../write/write-outcomes.ts';
import { openDry } from './open-dry.ts';
import { account, makeRule, newId, onceEach, openRulesBed, type RulesBed, run } from './rules-bed.ts';

const EVENTS = 200_000;
const ACCOUNTS = 500;
const CHUNK = 4_000;
const KILLS = 10;
const KEEP_NOT_WON = 0.01;
const HOUR = 3_600_000;

let bed: RulesBed;
const replicas: RunningService[] = [];

beforeAll(async () => {
  bed = await openRulesBed(inject('stack'));
  await Promise.all([start(0), start(1)]);
});
afterAll(() => bed?.close());

async function start(index: number, isAwaited = true): Promise<void> {
  const until = isAwaited ? 'listening' : 'starting';
  replicas[index] = await bed.startRules({ RULES_KEEP_NOT_WON: String(KEEP_NOT_WON) }, { until });
}

/** Rules about every kind of window, about accounts, about won events, and one that throws now and then. */
function someRules(): object[] {
  const [running, events] = [bed.name('fitness/running'), bed.name('rewards/events')];
  const window = (over: string, kind: string, measure: string, timezone = 'UTC') => ({ over, kind, measure, timezone });
  const win = { kind: 'win', streams: [running] };
  return [
    {
      ...{
        ...win,
        name: 'tumbling',
        when: 'windows.day > 60000 && windows.day < 120000 && windows.hour > 2 && account != null',
      },
      windows: {
        day: window('1d', 'tumbling', 'sum(distance)', 'Europe/Berlin'),
        hour: window('1h', 'tumbling', 'count', 'Asia/Kolkata'),
      },
    },
    {
      ...{ ...win, name: 'sliding', when: 'windows.week > 100000.5 && windows.longest > 4990 && windows.least < 100' },
      windows: {
        week: window('7d', 'sliding', 'sum(distance)'),
        longest: window('1h', 'sliding', 'max(distance)'),
        least: window('1d', 'sliding', 'min(distance)'),
      },
    },
    {
      ...{
        ...win,
        kind: 'anomaly',
        name: 'mean',
        when: 'windows.mean > 2500 && windows.kinds > 3.0 && windows.kinds < 40',
      },
      windows: {
        mean: window('30d', 'tumbling', 'avg(distance)', 'America/New_York'),
        kinds: window('7d', 'tumbling', 'distinct(distance)'),
      },
    },
    {
      ...{
        name: 'both streams',
        kind: 'win',
        streams: [running, events],
        when: 'windows.all > 30 && windows.all < 60 && account != null',
      },
      windows: { all: window('1h', 'sliding', 'count') },
    },
    { ...win, name: 'throws', when: 'account.attributes["tier"] == "gold" && event.distance > 4000' },
    {
      ...{ name: 'chain', kind: 'win', streams: [bed.name('rewards/won-events')] },
      ...{
        when: 'event.depth < 3 && windows.wins >= 20 && windows.wins < 40',
        windows: { wins: window('1d', 'sliding', 'count') },
      },
    },
  ];
}

it('says over history what it has said live, byte for byte, through kills and rebalances', {
  timeout: 600_000,
}, async () => {
  const random = randomFrom(7);
  const accounts = Array.from({ length: ACCOUNTS }, newId);
  const pick = () => accounts[random(ACCOUNTS)] ?? '';
  const url = () => replicas[0]?.url ?? '';
  await bed.publish(
    'rewards/accounts',
    accounts.slice(20).map((id) => account(id, { attributes: { tier: 'silver' } })),
  );
  const rules = await Promise.all(someRules().map((rule) => makeRule(url(), rule)));

  const named = new Set(accounts.slice(20));
  const recent: Value[] = [];
  let restarting = Promise.resolve();
  let kills = 0;
  for (let sent = 0; sent < EVENTS; sent += CHUNK) {
    await bed.publish('fitness/running', Array.from({ length: CHUNK * 0.9 }, nextRun));
    await bed.publish('rewards/events', Array.from({ length: CHUNK * 0.1 }, nextEvent));
    await bed.publish('rewards/accounts', Array.from({ length: 20 }, nextAccount));
    const isKill = Math.floor((sent * KILLS) / EVENTS) < Math.floor(((sent + CHUNK) * KILLS) / EVENTS);
    if (isKill) {
      kills += 1;
      const isAwaited = kills % 3 === 0;
      restarting = restarting.then(() => killOne(random(2), isAwaited));
    }
    if (sent === EVENTS / 2) {
      await restarting;
      await killOne(0, true);
      const changed = await ask(`${url()}/v1/rules/${rules[0]}`, 'PUT', { ...someRules()[0], name: 'changed' });
      expect(changed.body).toMatchObject({ version: 2 });
    }
  }
  await restarting;
  await untilWelcomed(named.size);
  await untilEvaluated();

  const said = { won: await byRule('rewards/won-events'), anomalies: await byRule('rewards/anomalies') };
  const evaluations = await byRule('rewards/rule-evaluations');
  const dry = await openDry(bed);
  const spans = spansOf(dry.catalog);
  expect(spans).toHaveLength(rules.length + 1);
  const count = (of: ReadonlyMap<string, Written>) => [...of.values()].reduce((sum, { length }) => sum + length, 0);
  process.stdout.write(`${count(said.won)} won events and ${count(said.anomalies)} anomalies after ${kills} kills\n`);
  expect(kills).toBe(KILLS);
  const runAll = () => Promise.all(spans.map((span) => runDry(span, dry.options)));
  const found = await runAll();
  for (const { key, outcomes, evaluations: evaluated } of found) {
    expect({ key, outcomes, evaluations: evaluated }).toEqual({
      key,
      outcomes: said.won.get(key) ?? said.anomalies.get(key) ?? [],
      evaluations: evaluations.get(key) ?? [],
    });
    expect(evaluated.length).toBeGreaterThan(20);
  }
  await bed.publish('fitness/running', Array.from({ length: 1_000 }, nextRun));
  await bed.publish('rewards/accounts', Array.from({ length: 100 }, nextAccount));
  expect(await runAll()).toEqual(found);
  await dry.close();

  function nextRun(): Value {
    const known = recent[random(recent.length || 1)];
    if (random(20) === 0 && known) return known;
    const off = [0, 0, 0, random(60_000), random(HOUR), random(26 * HOUR), -random(HOUR)][random(7)] ?? 0;
    const value = run(pick(), random(500_000) / 100, { timestamp: Date.now() - off });
    if (recent.length < 1_000) recent.push(value);
    else recent[random(1_000)] = value;
    return value;
  }

  function nextEvent(): Value {
    const { event_id, trace_id, source, ingested_at } = run('', 0);
    const meta = { event_id, trace_id, source, ingested_at };
    return { account_id: pick(), type: 'visit', amount: null, attributes: {}, occurred_at: Date.now(), ...meta };
  }

  function nextAccount(): Value {
    const attributes = random(3) === 0 ? {} : { tier: random(2) === 0 ? 'gold' : 'silver' };
    const id = pick();
    named.add(id);
    return account(id, { attributes: attributes as Record<string, string> });
  }
});

/** @param isAwaited whether it is to have its partitions again before the next one is killed */
async function killOne(index: number, isAwaited: boolean): Promise<void> {
  await replicas[index]?.kill();
  await start(index, isAwaited);
}

/** Until the events hold the welcome of each account: nothing is appended after that. */
async function untilWelcomed(count: number): Promise<void> {
  await waitUntil(
    async () => (await onceEach(bed, 'rewards/events')).filter(({ type }) => type === 'welcome').length,
    (found) => found === count,
    { withinMs: 60_000, everyMs: 1_000 },
  );
}

/** Until both replicas have come to the ends of all topics. */
async function untilEvaluated(): Promise<void> {
  const streams = ['fitness/running', 'rewards/events', 'rewards/accounts'].map(bed.stream);
  await waitUntil(
    async () => {
      const ends = await Promise.all(streams.map(({ topic }) => topicOffsets(bed.admin, topic)));
      const rows = await selectRows<{ position_json: string | null }>(
        bed.db,
        'SELECT position_json FROM rules_positions',
      );
      const lanes = new Map(
        rows.flatMap((row) => (row.position_json ? [...readPosition(row.position_json).lanes] : [])),
      );
      return streams.flatMap(({ topic }, i) =>
        (ends[i] ?? []).map(({ partition, logEndOffset }) =>
          Number(logEndOffset - (lanes.get(`${topic}:${partition}`)?.nextOffset ?? 0n)),
        ),
      );
    },
    (behind) => behind.every((offsets) => offsets <= 0),
    { withinMs: 120_000, everyMs: 500 },
  );
}

type Written = readonly (readonly [id: string, value: string])[];

/** What was written of each version of a rule: each id once, however often it was said, and always the same. */
async function byRule(file: string): Promise<Map<string, Written>> {
  const values = new Map<string, Map<string, string>>();
  for (const { value } of await bed.read(file)) {
    const key = `${value.rule_id}/${value.rule_version}`;
    const text = textOf(value);
    const known = values.get(key) ?? new Map<string, string>();
    values.set(key, known);
    const id = String(value.event_id);
    if ((known.get(id) ?? text) !== text) throw new Error(`said in two ways: ${known.get(id)} and ${text}`);
    known.set(id, text);
  }
  return new Map([...values].map(([key, found]) => [key, sorted(found)]));
}

const sorted = (found: ReadonlyMap<string, string>): Written => [...found].sort(([a], [b]) => (a < b ? -1 : 1));

function textOf({ ingested_at: _, trace_id: __, source: ___, ...value }: Value): string {
  const entries = Object.entries(value).map(([name, each]) => [name, isMap(each) ? Object.entries(each).sort() : each]);
  return JSON.stringify(entries.sort(([a], [b]) => (String(a) < String(b) ? -1 : 1)));
}

const isMap = (value: unknown): value is Record<string, unknown> => typeof value === 'object' && value !== null;

/** Append times in which a version was in force. */
type Span = { readonly ruleId: string; readonly version: number; readonly from: number; readonly to: number };

function spansOf(catalog: Catalog): Span[] {
  const until = Date.now();
  const records = catalog.records();
  return records.map(({ ruleId, at, says }) => ({
    ...{ ruleId, version: says.kind === 'version' ? says.version.version : 0, from: at },
    to: records.find((later) => later.ruleId === ruleId && later.at > at)?.at ?? until,
  }));
}

/** What a version says over history, as it would be written. */
async function runDry({ ruleId, version, from, to }: Span, options: DryOptions) {
  const rule = options.catalog.versions(ruleId).find((each) => each.version === version)?.rule;
  if (!rule) throw new Error(`rule ${ruleId} has no version ${version}`);
  const [outcomes, evaluations] = [new Map<string, string>(), new Map<string, string>()];
  const sink = {
    onEvaluated: () => undefined,
    onProgress: () => undefined,
    async onOutcomes(found: readonly Outcome[]) {
      for (const outcome of found) {
        const id = outcomeId(outcome);
        if (outcome.outcome === 'won') outcomes.set(id, textOf(wonValue(outcome, id)));
        evaluations.set(id, textOf(evaluationValue(outcome, id)));
      }
    },
  };
  const flags = { keepNotWon: KEEP_NOT_WON, currentAccounts: false, withFollowers: false };
  const ranges = await dryRun({ candidates: [rule], from, to, ...flags }, options, sink, new AbortController().signal);
  return { key: `${ruleId}/${version}`, outcomes: sorted(outcomes), evaluations: sorted(evaluations), ranges };
}
