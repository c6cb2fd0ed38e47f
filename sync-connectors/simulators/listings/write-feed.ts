import type { Row } from '../frame/versioned-rows.ts';
import { timeOf, type Vocabulary } from './base-plan.ts';

const NAMES = {
  planList: { root: 'planList', base: 'base_plan', plan: 'plan' },
  eventList: { root: 'eventList', base: 'base_event', plan: 'event' },
};

/** What no feed of a provider's own plans has: it lies under two base plans. */
const SHARED_PLAN_ID = '900';

const ESCAPES: Readonly<Record<string, string>> = { '&': '&amp;', '<': '&lt;', '>': '&gt;', '"': '&quot;' };
const escaped = (value: unknown) => String(value).replace(/[&<>"]/g, (each) => ESCAPES[each] ?? each);

function tag(name: string, attributes: Readonly<Record<string, unknown>>, end: '>' | '/>'): string {
  const given = Object.entries(attributes).filter(([, value]) => value !== null && value !== undefined);
  return `<${name}${given.map(([key, value]) => ` ${key}="${escaped(value)}"`).join('')}${end}`;
}

/** A feed as texts of about a base plan each, so that no feed has to be held whole. */
export function* writeFeed(vocabulary: Vocabulary, rows: Iterable<Row>, encoding = 'UTF-8'): Generator<string> {
  const { root } = NAMES[vocabulary];
  yield `<?xml version="1.0" encoding="${encoding}"?>\n<${root} version="1.0">\n  <output>\n`;
  for (const row of rows) yield writeBasePlan(vocabulary, row);
  yield `  </output>\n</${root}>\n`;
}

function writeBasePlan(vocabulary: Vocabulary, row: Row): string {
  const { base } = NAMES[vocabulary];
  const attributes = {
    [`${base}_id`]: row.base_plan_id,
    sell_mode: row.dirt === 'offline' ? 'offline' : row.sell_mode,
    organizer_company_id: row.organizer_company_id,
    title: row.dirt === 'entities' ? `${row.title} <"&'> ☃ 😀` : row.title,
  };
  const plans = Array.from({ length: Number(row.dates) }, (_, date) => writePlan(vocabulary, row, date));
  if (row.dirt === 'broken-plan')
    plans.push(`      ${tag(NAMES[vocabulary].plan, { sold_out: 'false' }, '>')}</${NAMES[vocabulary].plan}>\n`);
  return `    ${tag(base, attributes, '>')}\n${plans.join('')}    </${base}>\n`;
}

function writePlan(vocabulary: Vocabulary, row: Row, date: number): string {
  const { plan } = NAMES[vocabulary];
  const isSeptember = row.dirt === 'september-31';
  const isShared = row.dirt === 'shared-plan' || row.dirt === 'shared-plan-again';
  const attributes = {
    [`${plan}_start_date`]: isSeptember ? '2026-09-31T20:00:00' : timeOf(row, date, 'start'),
    [`${plan}_end_date`]: isSeptember ? '2026-09-31T22:00:00' : timeOf(row, date, 'end'),
    [`${plan}_id`]: isShared ? SHARED_PLAN_ID : planIdOf(row, date),
    sell_from: timeOf(row, date, 'sale'),
    sell_to: timeOf(row, date, 'start'),
    sold_out: row.sold_out,
  };
  return `      ${tag(plan, attributes, '>')}\n${writeZones(row)}      </${plan}>\n`;
}

/** The first plan has the id of its base plan, as feeds often do. */
const planIdOf = (row: Row, date: number) => (date === 0 ? row.base_plan_id : `${row.base_plan_id}-${date}`);

function writeZones(row: Row): string {
  const zones = Array.from({ length: Number(row.zones) }, (_, zone) => ({
    zone_id: String(40 + zone),
    capacity: String(100 + 10 * zone),
    price: (Number(row.price) + 5 * zone).toFixed(2),
    name: ['Platea', 'Gradería', 'Palco'][zone] ?? `Zona ${zone}`,
    numbered: String(zone === 0),
  }));
  const first = { zone_id: '40', capacity: '243', price: '20.00', name: 'Platea', numbered: 'true' };
  if (row.dirt === 'negative-price') zones.push({ ...first, zone_id: '60', price: '-10.00' });
  if (row.dirt === 'zone-twice') zones.push({ ...first, price: '99.00' }, { ...first, price: '99.00' });
  const broken = [
    { capacity: '10', price: '20.00' },
    { ...first, zone_id: '61', price: 'twenty' },
    { ...first, zone_id: '62', capacity: 'many' },
  ];
  const all = row.dirt === 'broken-zones' ? [...broken, ...zones] : zones;
  return all.map((zone) => `        ${tag('zone', zone, '/>')}\n`).join('');
}
