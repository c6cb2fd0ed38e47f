import type { FeedBasePlan, Vocabulary } from './feed-element.ts';
import { idOf, textOf } from './field-text.ts';
import { type Plan, type PlanBase, toPlan } from './to-plan.ts';

/** A part that was skipped, or kept without what is wrong in it. */
export type Noted = { readonly line: number; readonly pointer: string; readonly reason: string };
/** Always answers undefined, so that what notes a part can end with it. */
export type Note = (noted: Noted) => undefined;

export type Provider = { readonly name: string; readonly timeZone: string };

export type Listing = {
  readonly listing_id: string;
  readonly provider: string;
  readonly base_plan_id: string;
  readonly title: string | null;
  readonly sell_mode: string | null;
  readonly organizer_company_id: string | null;
  readonly time_zone: string;
  readonly starts_at: string | null;
  readonly ends_at: string | null;
  readonly plans: readonly Plan[];
};

export type ReadListing = {
  /** Undefined where nothing says which base plan it is. */
  readonly id: string | undefined;
  /** Undefined where the whole base plan was skipped. */
  readonly listing: Listing | undefined;
  readonly noted: readonly Noted[];
};

/** A base plan of a feed as a record, by the rules of docs/listings.md. */
export function toListing(basePlan: FeedBasePlan, { base, plan: prefix }: Vocabulary, provider: Provider): ReadListing {
  const { attributes, line } = basePlan;
  const noted: Noted[] = [];
  const note: Note = (each) => {
    noted.push(each);
    return undefined;
  };
  const base_plan_id = idOf(attributes[`${base}_id`]);
  if (base_plan_id === undefined) {
    note({ line, pointer: '/base_plan_id', reason: 'the base plan has no id; it is skipped with its plans' });
    return { id: undefined, listing: undefined, noted };
  }
  const listing_id = `${provider.name}:${base_plan_id}`;
  if (basePlan.isTooLarge) {
    note({ line, pointer: '/plans', reason: 'the base plan has too many plans and zones; it is skipped' });
    return { id: listing_id, listing: undefined, noted };
  }
  const title = textOf(attributes.title, 500);
  const sell_mode = textOf(attributes.sell_mode, 30);
  const plans = plansOf(basePlan, { prefix, title, sellMode: sell_mode }, note);
  const starts = plans.flatMap((each) => momentOf(each.start_date, each.start_time, '00:00:00'));
  const ends = plans.flatMap((each) => momentOf(each.end_date, each.end_time, '23:59:59'));
  const listing: Listing = {
    listing_id,
    provider: provider.name,
    base_plan_id,
    title,
    sell_mode,
    organizer_company_id: textOf(attributes.organizer_company_id, 100),
    time_zone: provider.timeZone,
    starts_at: starts.sort().at(0) ?? null,
    ends_at: [...ends, ...starts].sort().at(-1) ?? null,
    plans,
  };
  return { id: listing_id, listing, noted };
}

/** Of two plans with one id in one base plan, the first is kept. */
function plansOf({ plans: given }: FeedBasePlan, base: PlanBase, note: Note): Plan[] {
  const plans = new Map<string, Plan>();
  for (const [index, element] of given.entries()) {
    const pointer = `/plans/${index}`;
    const plan = toPlan(element, base, pointer, note);
    if (!plan) continue;
    if (!plans.has(plan.plan_id)) plans.set(plan.plan_id, plan);
    else
      note({
        line: element.line,
        pointer,
        reason: `the base plan has a plan ${plan.plan_id} already; this one is skipped`,
      });
  }
  return [...plans.values()];
}

const momentOf = (date: string | null, time: string | null, without: string): string[] =>
  date === null ? [] : [`${date}T${time ?? without}`];
