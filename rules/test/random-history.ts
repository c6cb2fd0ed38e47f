import type { CompiledRule } from '../evaluate/compile-rule.ts';
import type { AccountEntry, Entry, EventEntry } from '../evaluate/entry.ts';
import { defaultLateness, type Window } from '../rule/window.ts';
import { ruleOf } from './drive.ts';

const HOUR = 3_600_000;
const DAY = 24 * HOUR;
const START = Date.UTC(2026, 2, 1);

export function windowOf(given: Partial<Window>): Window {
  const over = given.over ?? '7d';
  return {
    ...{ kind: 'tumbling', over, measure: { of: 'count' }, timezone: 'UTC', latenessMs: defaultLateness(over) },
    ...{ streams: ['running'], ...given },
  };
}

const sum: Window['measure'] = { of: 'sum', field: 'distance' };

/** Rules of every kind: windows tumbling and sliding over each length, chains, a schedule, one that throws, one in the shadow. */
export const someRules: readonly CompiledRule[] = [
  ruleOf({
    ruleId: 'a-week',
    windows: { km: windowOf({ measure: sum, timezone: 'Europe/Berlin' }) },
    when: 'windows.km > 30 && account != null',
  }),
  ruleOf({
    ruleId: 'b-sliding',
    streams: ['music', 'running'],
    windows: {
      hour: windowOf({ kind: 'sliding', over: '1h', streams: ['music', 'running'] }),
      longest: windowOf({ kind: 'sliding', over: '1d', measure: { of: 'max', field: 'distance' } }),
      mean: windowOf({ kind: 'sliding', over: '30d', measure: { of: 'avg', field: 'distance' } }),
    },
    when: 'windows.hour >= 2 || (windows.longest != null && windows.longest > 9) || windows.mean == 3',
  }),
  ruleOf({
    ruleId: 'c-month',
    kind: 'anomaly',
    windows: {
      days: windowOf({ over: '30d', measure: { of: 'distinct', field: 'kind' }, timezone: 'America/New_York' }),
      least: windowOf({ over: '1d', measure: { of: 'min', field: 'distance' } }),
      hour: windowOf({ over: '1h', measure: sum }),
    },
    when: 'windows.days > 2 && windows.least < 2 && windows.hour >= 0',
  }),
  ruleOf({
    ruleId: 'd-chain',
    streams: ['won-events'],
    windows: { wins: windowOf({ kind: 'sliding', streams: ['won-events'] }) },
    when: 'windows.wins > 2 && event.depth < 4',
  }),
  ruleOf({ ruleId: 'e-club', when: 'account.club == "harriers" && event.distance > 5' }),
  ruleOf({
    ruleId: 'f-every',
    everyMs: 6 * HOUR,
    windows: { runs: windowOf({ over: '1d' }), km: windowOf({ kind: 'sliding', measure: sum }) },
    when: 'windows.runs > 1 || windows.km > 40',
  }),
  ruleOf({ ruleId: 'g-shadow', mode: 'shadow', when: 'event.distance > 8' }),
];

/** A partition's entries in their order: late, early and repeated events, account versions, rules that change. */
export function randomHistory(random: (below: number) => number, size: number): Entry[] {
  const entries: Entry[] = someRules.map((rule) => ({ kind: 'rule', at: START, ruleId: rule.ruleId, rule }));
  const events: EventEntry[] = [];
  let at = START;
  for (let i = 0; i < size; i += 1) {
    at += random(4) === 0 ? random(30 * HOUR) : random(3) * 1_000;
    const choice = random(20);
    const accountId = `account-${random(4)}`;
    const known = events[events.length - 1 - random(Math.min(events.length, 10) || 1)];
    if (choice === 0) entries.push(accountVersion(at, accountId));
    else if (choice === 1) entries.push(ruleChange(at));
    else if (choice === 2 && known) entries.push({ ...known, at });
    else {
      const event = newEvent(at, accountId, i);
      events.push(event);
      entries.push(event);
    }
  }
  return entries;

  function accountVersion(appended: number, accountId: string): AccountEntry {
    const isGone = random(5) === 0;
    const account = isGone ? null : { name: accountId, club: random(2) === 0 ? 'harriers' : 'none' };
    return { kind: 'account', at: appended, accountId, account, event: undefined };
  }

  function ruleChange(appended: number): Entry {
    const rule = someRules[random(someRules.length)] ?? someRules[0];
    const mode = (['on', 'on', 'shadow', 'off'] as const)[random(4)] ?? 'on';
    const changed = rule && { ...rule, mode, version: rule.version + random(2) };
    return { kind: 'rule', at: appended, ruleId: rule?.ruleId ?? '', rule: random(10) === 0 ? undefined : changed };
  }

  function newEvent(appended: number, accountId: string, i: number): EventEntry {
    const off = [0, 0, 0, random(20 * HOUR), -random(2 * HOUR), random(3 * DAY)][random(6)] ?? 0;
    const distance = random(100) / 10;
    const eventId = `event-${i}`;
    const value = { distance, event_id: eventId, kind: `kind-${random(5)}` };
    const stream = random(4) === 0 ? 'music' : 'running';
    return { kind: 'event', at: appended, stream, accountId, eventId, time: appended - off, value, traceId: '' };
  }
}
