import type { FeedPlan } from './feed-element.ts';
import { flagOf, idOf, textOf } from './field-text.ts';
import { type LocalTime, localTime } from './local-time.ts';
import { priceText } from './price.ts';
import type { Note } from './to-listing.ts';
import { toZone, type Zone } from './to-zone.ts';

export type Plan = {
  readonly plan_id: string;
  readonly title: string | null;
  readonly is_online: boolean;
  readonly sold_out: boolean | null;
  readonly starts_at: string | null;
  readonly ends_at: string | null;
  readonly start_date: string | null;
  readonly start_time: string | null;
  readonly end_date: string | null;
  readonly end_time: string | null;
  readonly sell_from: string | null;
  readonly sell_to: string | null;
  readonly min_price: string | null;
  readonly max_price: string | null;
  readonly zones: readonly Zone[];
};

/** What a plan takes from its base plan, and how its attributes begin: `plan` or `event`. */
export type PlanBase = { readonly prefix: string; readonly title: string | null; readonly sellMode: string | null };

/** A plan, or undefined where it has no id. A time that does not exist is kept as it is given, without a date. */
export function toPlan({ attributes, line, zones: given }: FeedPlan, base: PlanBase, pointer: string, note: Note) {
  const plan_id = idOf(attributes[`${base.prefix}_id`]);
  if (plan_id === undefined)
    return note({ line, pointer: `${pointer}/plan_id`, reason: 'the plan has no id; the plan is skipped' });
  const starts = attributes[`${base.prefix}_start_date`];
  const ends = attributes[`${base.prefix}_end_date`];
  const when = (text: string | undefined, field: string): LocalTime | undefined => {
    const found = localTime(text ?? '');
    if (found) return found;
    const what = text === undefined || text.trim() === '' ? 'there is none' : `${text.slice(0, 40)} is no date`;
    note({ line, pointer: `${pointer}/${field}`, reason: `${what}; the plan is kept without it` });
    return undefined;
  };
  const start = when(starts, 'start_date');
  const end = when(ends, 'end_date');
  const { zones, cents } = zonesOf(given, pointer, note);
  const plan: Plan = {
    plan_id,
    title: textOf(attributes.title, 500) ?? base.title,
    is_online: (attributes.sell_mode ?? base.sellMode ?? '').trim().toLowerCase() === 'online',
    sold_out: flagOf(attributes.sold_out),
    starts_at: textOf(starts, 64),
    ends_at: textOf(ends, 64),
    start_date: start?.date ?? null,
    start_time: start?.time ?? null,
    end_date: end?.date ?? null,
    end_time: end?.time ?? null,
    sell_from: textOf(attributes.sell_from, 64),
    sell_to: textOf(attributes.sell_to, 64),
    min_price: priceAt(cents, 0),
    max_price: priceAt(cents, -1),
    zones,
  };
  return plan;
}

/** A zone that stands twice in every detail is one; of another price it is two offers, and both count. */
function zonesOf(given: FeedPlan['zones'], pointer: string, note: Note) {
  const zones: Zone[] = [];
  const cents: number[] = [];
  const firsts = new Map<string, Zone>();
  /** Details of zones whose id has been seen before: writing them down takes longer than all the rest. */
  const seen = new Set<string>();
  for (const [index, element] of given.entries()) {
    const priced = toZone(element, `${pointer}/zones/${index}`, note);
    if (!priced) continue;
    const { zone } = priced;
    const first = firsts.get(zone.zone_id);
    if (first) {
      const details = JSON.stringify(zone);
      if (seen.add(JSON.stringify(first)).has(details)) continue;
      seen.add(details);
    } else firsts.set(zone.zone_id, zone);
    zones.push(zone);
    if (priced.cents !== undefined) cents.push(priced.cents);
  }
  return { zones, cents: cents.sort((a, b) => a - b) };
}

function priceAt(cents: readonly number[], at: number): string | null {
  const found = cents.at(at);
  return found === undefined ? null : priceText(found);
}
