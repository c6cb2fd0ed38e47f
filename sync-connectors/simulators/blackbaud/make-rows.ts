import { type Random, seededRandom } from '../frame/seeded-random.ts';
import type { Row } from '../frame/versioned-rows.ts';

export const ticketingEntities = ['customers', 'ticketed-events', 'wristbands', 'parking-passes'] as const;
export type TicketingEntity = (typeof ticketingEntities)[number];

const FIRST_NAMES = ['Ada', 'Robert', 'Grace', 'Zoë', 'Łukasz', 'María', 'Chen', 'Amara', 'Sean', 'Ingrid'] as const;
const LAST_NAMES = ['Hernandez', "O'Brien", 'Nguyễn', 'Smith', 'Öztürk', 'García', 'Wang', 'Okafor', 'Lind'] as const;
const CITIES = [
  ['Denver', 'CO', '80202'],
  ['Buffalo', 'NY', '14201'],
  ['Charleston', 'SC', '29401'],
  ['Doylestown', 'PA', '18901'],
] as const;
const STREETS = ['17th Street', 'Buck Road', 'Main Street', 'Meeting Street'] as const;
const EVENTS = ["Members' night", 'Wings & wheels', 'Night at the museum', 'Air show', 'Gala'] as const;
const PASS_TYPES = [
  ['General', '10.00'],
  ['Premium', '25.00'],
  ['Catering', '0.00'],
  ['Buck Road', '15.50'],
] as const;

const DAY_MS = 86_400_000;
const FIRST = { customers: 1_001, 'ticketed-events': 1_041, wristbands: 20_001, 'parking-passes': 3_001 };
const PREFIX = { customers: '', 'ticketed-events': 'EV-', wristbands: 'WB-', 'parking-passes': 'PP-' };

export const idOf = (entity: TicketingEntity, index: number): string => `${PREFIX[entity]}${FIRST[entity] + index}`;

/** The n-th row of an entity, in the fields of its stream; the same for the same seed. */
export function makeRow(
  entity: TicketingEntity,
  index: number,
  { seed, today, events }: { readonly seed: number; readonly today: number; readonly events: number },
): Row {
  const random = seededRandom(seed * 7_919 + index * 31 + FIRST[entity]);
  const id = idOf(entity, index);
  const eventIndex = random.below(Math.max(1, events));
  const ticketed_event_id = idOf('ticketed-events', eventIndex);
  const issued_at = iso(startOf(eventIndex, today) - random.below(20 * DAY_MS));
  if (entity === 'customers') return customer(id, index, random);
  if (entity === 'ticketed-events') return ticketedEvent(id, index, today, random);
  if (entity === 'wristbands')
    return { wristband_id: id, ticketed_event_id, constituent_id: idOf('customers', random.below(100)), issued_at };
  const [pass_type, cost] = random.pick(PASS_TYPES);
  return { pass_id: id, ticketed_event_id, pass_type, cost, issued_at };
}

/** Some have no e-mail or phone, some are inactive, some have died. */
function customer(id: string, index: number, random: Random): Row {
  const first_name = random.pick(FIRST_NAMES);
  const last_name = random.pick(LAST_NAMES);
  const [city, state, postal_code] = random.pick(CITIES);
  const ascii = `${first_name}.${last_name}`.normalize('NFD').replace(/[^A-Za-z.]/g, '');
  const deceased = index % 17 === 5;
  return {
    customer_id: id,
    first_name,
    last_name,
    email: index % 9 === 4 ? null : `${ascii.toLowerCase()}.${id}@example.org`,
    phone: index % 7 === 3 ? null : `+1 843 555 ${String(random.below(10_000)).padStart(4, '0')}`,
    address_lines: `${1 + random.below(900)} ${random.pick(STREETS)}${index % 5 === 0 ? '\r\nApt 4' : ''}`,
    city,
    state,
    postal_code,
    inactive: index % 13 === 6,
    deceased,
    deceased_year: deceased ? 2_019 + (index % 6) : null,
    deceased_month: index % 2 === 0 ? 1 + (index % 12) : null,
    birth_year: index % 4 === 0 ? null : 1_940 + random.below(60),
    birth_month: 1 + random.below(12),
    birth_day: index % 3 === 0 ? null : 1 + random.below(28),
  };
}

function ticketedEvent(id: string, index: number, today: number, random: Random): Row {
  const start = startOf(index, today);
  return {
    ticketed_event_id: id,
    name: `${random.pick(EVENTS)} ${index + 1}`,
    starts_at: iso(start),
    ends_at: iso(start + (2 + random.below(3)) * 3_600_000),
    capacity: 100 + 50 * random.below(10),
  };
}

/** Events lie a week apart, from a month ago on, in the evening. */
const startOf = (index: number, today: number) => today + (index * 7 - 30) * DAY_MS + 18 * 3_600_000;
const iso = (millis: number) => new Date(millis).toISOString();
