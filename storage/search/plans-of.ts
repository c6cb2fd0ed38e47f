import { bytesToDecimal, formatDecimal } from '@millrace/core/schema/decimal';
import { z } from 'zod';

/** A plan as the search keeps it. Texts are as the provider gives them; `version` is in epoch milliseconds. */
export type SearchedPlan = {
  readonly listingId: string;
  readonly planId: string;
  readonly provider: string;
  readonly timeZone: string;
  readonly title: string | null;
  readonly startDate: string | null;
  readonly startTime: string | null;
  readonly endDate: string | null;
  readonly endTime: string | null;
  readonly minPrice: string | null;
  readonly maxPrice: string | null;
  readonly wasOnline: boolean;
  readonly onSale: boolean;
  readonly version: number;
};

const text = z.string().nullish().default(null);
const price = z
  .instanceof(Buffer)
  .nullish()
  .transform((bytes) => (bytes ? formatDecimal(bytesToDecimal(bytes), 2) : null));

const listing = z.object({
  listing_id: z.string(),
  provider: z.string(),
  time_zone: z.string(),
  stale_since: z.number().nullish(),
  ingested_at: z.number(),
  plans: z.array(
    z.object({
      plan_id: z.string(),
      title: text,
      is_online: z.boolean(),
      start_date: text,
      start_time: text,
      end_date: text,
      end_time: text,
      min_price: price,
      max_price: price,
    }),
  ),
});

/** The plans of one version of a listing, as a record holds it. */
export function plansOf(value: unknown): SearchedPlan[] {
  const { listing_id, provider, time_zone, stale_since, ingested_at, plans } = listing.parse(value);
  const isStale = typeof stale_since === 'number';
  return plans.map((plan) => ({
    listingId: listing_id,
    planId: plan.plan_id,
    provider,
    timeZone: time_zone,
    title: plan.title,
    startDate: plan.start_date,
    startTime: plan.start_time,
    endDate: plan.end_date,
    endTime: plan.end_time,
    minPrice: plan.min_price,
    maxPrice: plan.max_price,
    wasOnline: plan.is_online,
    onSale: plan.is_online && !isStale,
    version: ingested_at,
  }));
}

/** What is known after one more version: each value from the newest that has one. Two values that belong together come from one. */
export function withVersion(known: SearchedPlan | undefined, next: SearchedPlan): SearchedPlan {
  if (!known) return next;
  const wasOnline = known.wasOnline || next.wasOnline;
  if (next.version < known.version) return { ...withVersion(next, known), wasOnline };
  const { startDate, startTime, endDate, endTime, minPrice, maxPrice } = known;
  return {
    ...next,
    title: next.title ?? known.title,
    ...(next.startDate === null && { startDate, startTime }),
    ...(next.endDate === null && { endDate, endTime }),
    ...(next.minPrice === null && { minPrice, maxPrice }),
    wasOnline,
  };
}
