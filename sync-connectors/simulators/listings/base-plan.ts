import { seededRandom } from '../frame/seeded-random.ts';
import type { Row } from '../frame/versioned-rows.ts';

export const vocabularies = ['planList', 'eventList'] as const;
export type Vocabulary = (typeof vocabularies)[number];

/** What is wrong with a base plan, as feeds are. */
export const dirtKinds = [
  'september-31',
  'negative-price',
  'zone-twice',
  'shared-plan',
  'shared-plan-again',
  'offline',
  'broken-zones',
  'broken-plan',
  'entities',
] as const;

const TITLES = ['Camela en concierto', 'Pantomima Full', 'Los Morancos', 'Tributo a Juanito', 'Œuvre & Co.'] as const;
const FIRST_ID = { planList: 1_001, eventList: 500_001 };
const DAY_MS = 86_400_000;

export type MakeOptions = { readonly seed: number; readonly today: number };

export const idOf = (vocabulary: Vocabulary, index: number): string => String(FIRST_ID[vocabulary] + index);

export const vocabularyOf = (id: string): Vocabulary => (Number(id) >= FIRST_ID.eventList ? 'eventList' : 'planList');

const local = (millis: number) => new Date(millis).toISOString().slice(0, 19);

/**
 * The n-th base plan of a provider. `dates` plans a day apart begin at `starts_at`; each has `zones` zones, from `price` on
 * in steps of five. The first ones have the faults of real feeds, where `dirt` is wished.
 */
export function makeBasePlan(vocabulary: Vocabulary, index: number, { seed, today }: MakeOptions, dirt: boolean): Row {
  const random = seededRandom(seed * 104_729 + index * 17 + FIRST_ID[vocabulary]);
  const start = today + (random.below(120) - 30) * DAY_MS + (17 + random.below(5)) * 3_600_000;
  const fault = (dirt ? dirtKinds[index] : undefined) ?? null;
  return {
    base_plan_id: idOf(vocabulary, index),
    title: `${random.pick(TITLES)} ${index + 1}`,
    sell_mode: 'online',
    organizer_company_id: random.below(3) === 0 ? null : String(1 + random.below(9)),
    starts_at: local(start),
    hours: 1 + random.below(3),
    dates: fault === null && index % 3 === 2 ? 1 + random.below(3) : 1,
    zones: 1 + random.below(3),
    price: 10 + random.below(40),
    sold_out: random.below(10) === 0,
    dirt: fault,
  };
}

/** When the last of its plans ends. */
export function endOf({ starts_at, hours, dates }: Row): number {
  return Date.parse(`${starts_at}Z`) + (Number(dates) - 1) * DAY_MS + Number(hours) * 3_600_000;
}

/** The start or end of the n-th plan, by the provider's clock. */
export function timeOf({ starts_at, hours }: Row, date: number, which: 'start' | 'end' | 'sale'): string {
  const start = Date.parse(`${starts_at}Z`) + date * DAY_MS;
  if (which === 'sale') return local(start - 40 * DAY_MS);
  return local(which === 'start' ? start : start + Number(hours) * 3_600_000);
}
