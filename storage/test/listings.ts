import { randomUUID } from 'node:crypto';

const timestamp = { type: 'long', logicalType: 'timestamp-millis' };
const zone = {
  type: 'record',
  name: 'Zone',
  fields: [
    { name: 'zone_id', type: 'string', maxLength: 64 },
    { name: 'capacity', type: 'int' },
    { name: 'price', type: { type: 'bytes', logicalType: 'decimal', precision: 10, scale: 2 } },
    { name: 'numbered', type: 'boolean' },
  ],
};
const plan = {
  type: 'record',
  name: 'Plan',
  fields: [
    { name: 'plan_id', type: 'string', maxLength: 64 },
    { name: 'starts_at', type: timestamp },
    { name: 'zones', type: { type: 'array', items: zone }, default: [], table: 'listing_zones' },
    { name: 'sold_out', type: 'boolean' },
  ],
};

/** Listings as providers send them: plans within, zones within those, and the newest version of each counts. */
export const listingSchema = {
  type: 'record',
  name: 'Listing',
  namespace: 'test',
  stream: { path: '/listings', key: 'listing_id', time: 'updated_at', store: 'upsert', version: 'revision' },
  fields: [
    { name: 'listing_id', type: 'string', maxLength: 64 },
    { name: 'plans', type: { type: 'array', items: plan }, default: [], table: 'listing_plans' },
    { name: 'title', type: 'string' },
    { name: 'labels', type: { type: 'map', values: 'string' }, default: {} },
    { name: 'revision', type: 'long' },
    { name: 'updated_at', type: timestamp },
  ],
};

const UPDATED_AT = Date.parse('2026-05-01T12:00:00Z');

/** @param zonesPerPlan one plan for each number, with that many zones */
export const listing = (id: string, revision: number, zonesPerPlan: readonly number[]) => ({
  listing_id: id,
  plans: zonesPerPlan.map((zones, p) => ({
    plan_id: `${id}-${p}`,
    starts_at: UPDATED_AT + p * 3_600_000,
    zones: Array.from({ length: zones }, (_, z) => ({
      zone_id: `${z}`,
      capacity: 10 * z,
      price: Buffer.from('04e2', 'hex'),
      numbered: z % 2 === 0,
    })),
    sold_out: p === 1,
  })),
  title: `${id} at ${revision}`,
  labels: { city: 'Montréal', "it's": '50% \\? ?? :name "quoted"' },
  revision,
  updated_at: UPDATED_AT + revision * 1_000,
  event_id: randomUUID(),
  trace_id: '4bf92f3577b34da6a3ce929d0e0e4736',
  source: 'test',
  ingested_at: UPDATED_AT,
});
