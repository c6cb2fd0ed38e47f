import type { Entry } from '../frame/versioned-rows.ts';

type Shape = (entry: Entry) => Readonly<Record<string, unknown>>;

const iso = (millis: number) => new Date(millis).toISOString();

/** A date of which parts may be unknown. */
const fuzzy = (y: unknown, m: unknown, d: unknown) => ({
  ...(typeof y === 'number' ? { y } : {}),
  ...(typeof m === 'number' ? { m } : {}),
  ...(typeof d === 'number' ? { d } : {}),
});

const dateOf = (value: unknown) => (typeof value === 'string' ? value.slice(0, 10) : undefined);
const clockOf = (value: unknown) => (typeof value === 'string' ? value.slice(11, 16) : undefined);

/** What `/alt-conmg/constituents/{id}` gives. */
export const altruConstituent: Shape = ({ id, row, modifiedAt }) => ({
  id,
  lookup_id: `8-${id}`,
  type: 'Individual',
  first_name: row.first_name,
  key_name: row.last_name,
  name: [row.first_name, row.last_name].filter(Boolean).join(' '),
  email_address: row.email,
  phone_number: row.phone,
  address_block: row.address_lines,
  city: row.city,
  state: row.state,
  post_code: row.postal_code,
  country: 'United States',
  inactive: row.inactive,
  deceased: row.deceased,
  birth_date: fuzzy(row.birth_year, row.birth_month, row.birth_day),
  date_changed: iso(modifiedAt),
});

/** What `/constituent/v1/constituents` gives. */
export const renxtConstituent: Shape = ({ id, row, modifiedAt }) => ({
  id,
  type: 'Individual',
  lookup_id: id,
  inactive: row.inactive,
  first: row.first_name,
  last: row.last_name,
  name: [row.first_name, row.last_name].filter(Boolean).join(' '),
  birthdate: fuzzy(row.birth_year, row.birth_month, row.birth_day),
  deceased: row.deceased,
  ...(row.deceased === true ? { deceased_date: fuzzy(row.deceased_year, row.deceased_month, undefined) } : {}),
  address: {
    id: `a${id}`,
    address_lines: row.address_lines,
    city: row.city,
    state: row.state,
    postal_code: row.postal_code,
    country: 'United States',
    formatted_address: `${row.address_lines}\r\n${row.city}, ${row.state} ${row.postal_code}`,
    type: 'Home',
    preferred: true,
  },
  ...(row.email === null ? {} : { email: { id: `e${id}`, address: row.email, type: 'Email', primary: true } }),
  ...(row.phone === null ? {} : { phone: { id: `p${id}`, number: row.phone, type: 'Home', primary: true } }),
  date_added: '2024-01-02T09:00:00-05:00',
  date_modified: iso(modifiedAt),
});

export const altruEvent: Shape = ({ id, row, modifiedAt }) => ({
  id,
  name: row.name,
  start_date: `${dateOf(row.starts_at)}T00:00:00`,
  start_time: clockOf(row.starts_at),
  end_date: `${dateOf(row.ends_at)}T00:00:00`,
  end_time: clockOf(row.ends_at),
  starts_at: row.starts_at,
  ends_at: row.ends_at,
  capacity: row.capacity,
  date_changed: iso(modifiedAt),
});

export const altruRegistrant: Shape = ({ id, row }) => ({
  id: `R-${id}`,
  event_id: row.ticketed_event_id,
  constituent_id: row.constituent_id,
  status: 'Registered',
  date: row.issued_at,
});

/** The routes of the `seed` profile give a row as the streams have it, with its modification. */
export const seedRow: Shape = ({ row, modifiedAt }) => ({ ...row, date_modified: iso(modifiedAt) });
