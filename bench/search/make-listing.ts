import { randomUUID } from 'node:crypto';

const DAY_MS = 86_400_000;
const FIRST_DAY = Date.parse('2026-01-01T00:00:00Z');
const PLANS = 5;
const two = (n: number) => String(n).padStart(2, '0');

/** The n-th listing with five plans, spread over two years and three providers; a later version differs in titles and prices. */
export function makeListing(n: number, version: number) {
  const provider = `provider-${n % 3}`;
  const plans = Array.from({ length: PLANS }, (_, index) => {
    const date = new Date(FIRST_DAY + ((n * 37 + index * 11) % 730) * DAY_MS).toISOString().slice(0, 10);
    const hour = 8 + ((n + index) % 12);
    const [start, end] = [`${two(hour)}:00:00`, `${two(hour + 2)}:30:00`];
    const price = Buffer.alloc(4);
    price.writeInt32BE(1_000 + ((n + version) % 5_000));
    return {
      ...{ plan_id: `${n}-${index}`, title: `Plan ${n} at ${version}`, is_online: index !== 4, sold_out: false },
      ...{ starts_at: `${date}T${start}`, ends_at: `${date}T${end}`, start_date: date, start_time: start },
      ...{
        end_date: date,
        end_time: end,
        sell_from: null,
        sell_to: null,
        min_price: price,
        max_price: price,
        zones: [],
      },
    };
  });
  return {
    ...{
      listing_id: `${provider}:${n}`,
      provider,
      base_plan_id: String(n),
      title: `Listing ${n}`,
      sell_mode: 'online',
    },
    ...{ organizer_company_id: null, time_zone: 'Europe/Madrid', starts_at: null, ends_at: null, plans },
    ...{ stale_since: null, stale_reason: null, event_id: randomUUID(), trace_id: '0'.repeat(31).concat('1') },
    ...{ source: 'bench', ingested_at: Date.now() + version },
  };
}
