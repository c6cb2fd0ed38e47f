import { v5 as uuidFrom } from 'uuid';
import { type Random, randomOf } from './random.ts';
import { songCatalogue } from './song-catalogue.ts';

export type DemoEvent = {
  /** The receiver's route. */
  readonly path: '/stats/running' | '/stats/music';
  readonly timestamp: number;
  /** The record as it is posted, but for its time. */
  readonly record: Readonly<Record<string, string | number>>;
};

type Person = {
  readonly id: string;
  readonly metres: number;
  readonly secondsPerKm: number;
  readonly runsAWeek: number;
  readonly earlyBird: number;
  readonly weekendRunner: boolean;
  readonly listens: number;
  readonly utcOffsetHours: number;
};

const NAMESPACE = '6d8ce8a6-7f0f-4b6a-9a2a-0e6b7d1f7c11';
const DAY_MS = 86_400_000;

const round = (value: number, digits: number): number => Number(value.toFixed(digits));

function personOf(seed: string, index: number): Person {
  const random = randomOf(seed, 'person', index);
  const fitness = random.normal(0, 1);
  return {
    id: uuidFrom(`${seed}/person/${index}`, NAMESPACE),
    metres: random.logNormal(6_000, 0.3) * (1 + 0.15 * Math.max(0, fitness)),
    secondsPerKm: Math.max(210, 345 - 40 * fitness),
    runsAWeek: Math.min(7, Math.max(1, random.normal(3.5 + fitness, 1))),
    earlyBird: random.between(0.1, 0.9),
    weekendRunner: random.chance(0.6),
    listens: random.chance(0.75) ? random.between(0.5, 1) : 0,
    utcOffsetHours: Math.round(random.between(-5, 2)),
  };
}

/** Minutes after local midnight: before work around seven, after it around six; on a weekend later and wider. */
function startMinute(random: Random, person: Person, weekend: boolean): number {
  if (weekend) return Math.max(360, random.normal(9.5 * 60, 75));
  return random.chance(person.earlyBird) ? random.normal(6.9 * 60, 35) : random.normal(18.2 * 60, 50);
}

/** One run and what was heard on it. The time of a run is its end, that of a song when it began. */
function runOf(seed: string, person: Person, dayStart: number): DemoEvent[] {
  const day = new Date(dayStart);
  const weekend = [0, 6].includes(day.getUTCDay());
  const random = randomOf(seed, person.id, dayStart);
  const habit = person.weekendRunner ? (weekend ? 1.5 : 0.8) : weekend ? 0.7 : 1.1;
  if (!random.chance(Math.min(0.97, (person.runsAWeek / 7) * habit))) return [];

  const longRun = weekend && person.weekendRunner ? 1.5 : 1;
  const distance = Math.min(42_195, Math.max(800, random.logNormal(person.metres * longRun, 0.25)));
  const tired = 1 + 0.03 * Math.log2(Math.max(1, distance / 5_000));
  const duration = (distance / 1_000) * person.secondsPerKm * tired * random.normal(1, 0.04);
  const begin = dayStart + startMinute(random, person, weekend) * 60_000 - person.utcOffsetHours * 3_600_000;
  const name = `${seed}/${person.id}/${day.toISOString().slice(0, 10)}`;

  const run = { user_id: person.id, duration: round(duration, 1), distance: round(distance, 1) };
  const events: DemoEvent[] = [
    {
      path: '/stats/running',
      timestamp: begin + duration * 1_000,
      record: { ...run, event_id: uuidFrom(name, NAMESPACE) },
    },
  ];
  if (!random.chance(person.listens)) return events;
  for (let at = random.between(5, 60), number = 0; at < duration; number++) {
    const { artist, name: title, seconds } = random.popular(songCatalogue);
    const heard = random.chance(0.12) ? random.between(10, seconds) : seconds;
    const song = { user_id: person.id, artist, song_name: title, song_duration: seconds };
    const record = { ...song, event_id: uuidFrom(`${name}/song/${number}`, NAMESPACE) };
    events.push({ path: '/stats/music', timestamp: begin + at * 1_000, record });
    at += heard + random.between(0.5, 4);
  }
  return events;
}

/**
 * Runs and songs of the whole days before `now`, in the order they happened. A person's day is made from the seed, the
 * person and the date alone: the same events, with the same event ids, come again whenever that day is asked for.
 */
export function weekOfEvents(options: {
  readonly seed: string;
  readonly users: number;
  readonly days: number;
  readonly now: number;
}): DemoEvent[] {
  const { seed, users, days, now } = options;
  const today = Math.floor(now / DAY_MS) * DAY_MS;
  const people = Array.from({ length: users }, (_, index) => personOf(seed, index));
  const starts = Array.from({ length: days }, (_, index) => today - (days - index) * DAY_MS);
  return starts
    .flatMap((dayStart) => people.flatMap((person) => runOf(seed, person, dayStart)))
    .map((event) => ({ ...event, timestamp: Math.round(event.timestamp) }))
    .sort((a, b) => a.timestamp - b.timestamp);
}
