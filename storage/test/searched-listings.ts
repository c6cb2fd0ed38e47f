import { randomUUID } from 'node:crypto';

type PlanOptions = {
  readonly id: string;
  readonly online?: boolean;
  readonly title?: string | null;
  readonly start?: string | null;
  readonly end?: string | null;
  readonly prices?: readonly [number, number] | null;
};

function cents(price: number): Buffer {
  const bytes = Buffer.alloc(6);
  bytes.writeIntBE(Math.round(price * 100), 0, 6);
  return bytes;
}

/** A plan as a record holds it. @param start `2026-06-30T21:00:00` */
export function plan({ id, online = true, title = `Plan ${id}`, prices = [15, 30.5], ...times }: PlanOptions) {
  const { start = '2026-06-30T21:00:00', end = '2026-06-30T22:00:00' } = times;
  return {
    ...{ plan_id: id, title, is_online: online, sold_out: null, starts_at: start, ends_at: end },
    ...{ start_date: start?.slice(0, 10) ?? null, start_time: start?.slice(11) ?? null },
    ...{ end_date: end?.slice(0, 10) ?? null, end_time: end?.slice(11) ?? null },
    ...{ sell_from: null, sell_to: null, min_price: prices && cents(prices[0]), max_price: prices && cents(prices[1]) },
    zones: [],
  };
}

/** One version of a listing. @param version in milliseconds since the epoch */
export const searched = (
  id: string,
  version: number,
  plans: readonly ReturnType<typeof plan>[],
  { provider = 'centro', staleReason }: { readonly provider?: string; readonly staleReason?: string } = {},
) => ({
  ...{ listing_id: `${provider}:${id}`, provider, base_plan_id: id, title: `Listing ${id}`, sell_mode: 'online' },
  ...{ organizer_company_id: null, time_zone: 'Europe/Madrid', starts_at: null, ends_at: null, plans },
  ...{ stale_since: staleReason === undefined ? null : version, stale_reason: staleReason ?? null },
  ...{ event_id: randomUUID(), trace_id: '4bf92f3577b34da6a3ce929d0e0e4736', source: 'test', ingested_at: version },
});
