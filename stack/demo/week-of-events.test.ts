import { describe, expect, it } from 'vitest';
import { type DemoEvent, weekOfEvents } from './week-of-events.ts';

const DAY_MS = 86_400_000;
const now = Date.parse('2026-03-18T15:00:00Z');
const week = { seed: 'test', users: 200, days: 7, now };

const median = (values: number[]): number => values.toSorted((a, b) => a - b)[Math.floor(values.length / 2)] ?? 0;
const runsOf = (events: readonly DemoEvent[]) => events.filter(({ path }) => path === '/stats/running');

describe('weekOfEvents', () => {
  it('repeats a day exactly, whenever it is asked for', () => {
    const [first, later] = [weekOfEvents(week), weekOfEvents({ ...week, now: now + DAY_MS })];

    const known = new Map(first.map((event) => [event.record.event_id, event]));
    const again = later.filter(({ record }) => known.has(record.event_id));
    expect(again.length).toBeGreaterThan(first.length / 2);
    for (const event of again) expect(event).toEqual(known.get(event.record.event_id));
  });

  it('gives every event an id of its own', () => {
    const events = weekOfEvents(week);

    expect(new Set(events.map(({ record }) => record.event_id)).size).toBe(events.length);
  });

  it('looks like people: a few runs a week at human pace, shorter ones far more often than long ones', () => {
    const runs = runsOf(weekOfEvents(week)).map(({ record }) => ({
      metres: Number(record.distance),
      secondsPerKm: (1_000 * Number(record.duration)) / Number(record.distance),
    }));

    expect(runs.length / 200).toBeGreaterThan(2);
    expect(runs.length / 200).toBeLessThan(5.5);
    expect(median(runs.map(({ metres }) => metres))).toBeGreaterThan(4_500);
    expect(median(runs.map(({ metres }) => metres))).toBeLessThan(9_000);
    for (const { secondsPerKm } of runs) {
      expect(secondsPerKm).toBeGreaterThan(170);
      expect(secondsPerKm).toBeLessThan(620);
    }
  });

  it('plays some songs far more often than others', () => {
    const counts = new Map<unknown, number>();
    for (const { path, record } of weekOfEvents(week)) {
      if (path === '/stats/music') counts.set(record.song_name, (counts.get(record.song_name) ?? 0) + 1);
    }

    const ranked = [...counts.values()].sort((a, b) => b - a);
    expect(ranked[0]).toBeGreaterThan(8 * (ranked.at(-1) ?? 0));
  });
});
