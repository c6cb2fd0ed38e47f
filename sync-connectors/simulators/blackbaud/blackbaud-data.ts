import { type Random, seededRandom } from '../frame/seeded-random.ts';
import type { VendorData } from '../frame/vendor-data.ts';
import { type Entry, type VersionedRows, versionedRows } from '../frame/versioned-rows.ts';
import { idOf, makeRow, type TicketingEntity, ticketingEntities } from './make-rows.ts';

export type BlackbaudData = VendorData & {
  /** What lists show: the entity as it was so long ago. */
  list(entity: TicketingEntity, lagMs: number): readonly Entry[];
  /** What a call for one row shows: the entity as it is. */
  get(entity: TicketingEntity, id: string): Entry | undefined;
};

export type DataOptions = {
  readonly seed: number;
  /** Midnight of the day around which events lie. */
  readonly today: number;
  readonly counts: Readonly<Record<TicketingEntity, number>>;
  readonly clock: () => number;
};

export const isTicketingEntity = (name: string): name is TicketingEntity =>
  ticketingEntities.some((entity) => entity === name);

/** What the vendor has, from a seed: equal for the same seed, day and calls of the control API. */
export function blackbaudData(options: DataOptions): BlackbaudData {
  let tables: Readonly<Record<TicketingEntity, VersionedRows>>;
  let made: Record<TicketingEntity, number>;
  let random: Random;

  function addTo(entity: TicketingEntity, count: number): string[] {
    const events = Math.max(1, made['ticketed-events']);
    return Array.from({ length: count }, () => {
      const index = made[entity];
      made[entity] += 1;
      const id = idOf(entity, index);
      tables[entity].put(id, makeRow(entity, index, { seed: options.seed, today: options.today, events }));
      return id;
    });
  }

  /** The first rows are a day old, so that a list that lags shows them. */
  function reset(): void {
    const { clock, seed, counts } = options;
    let isFilled = false;
    const began = clock();
    const table = () => versionedRows(() => (isFilled ? clock() : began - 86_400_000 + (made.customers % 50) * 60_000));
    tables = {
      customers: table(),
      'ticketed-events': table(),
      wristbands: table(),
      'parking-passes': table(),
    };
    made = { customers: 0, 'ticketed-events': 0, wristbands: 0, 'parking-passes': 0 };
    random = seededRandom(seed);
    addTo('ticketed-events', counts['ticketed-events']);
    for (const entity of ticketingEntities) if (entity !== 'ticketed-events') addTo(entity, counts[entity]);
    isFilled = true;
  }

  function change(entity: TicketingEntity, id: string, fields: Entry['row']): boolean {
    const entry = tables[entity].get(id);
    if (entry) tables[entity].put(id, { ...entry.row, ...fields });
    return entry !== undefined;
  }

  reset();
  return {
    counts: () => Object.fromEntries(ticketingEntities.map((entity) => [entity, tables[entity].size])),
    ids: (entity) => (isTicketingEntity(entity) ? tables[entity].ids() : undefined),
    remove: (entity, id) => isTicketingEntity(entity) && tables[entity].remove(id),
    change: (entity, id, fields) => isTicketingEntity(entity) && change(entity, id, fields),
    add: (entity, count) => (isTicketingEntity(entity) ? addTo(entity, count) : undefined),
    /** A day's work: passes and wristbands are sold, someone moves, now and then a pass is cancelled. */
    grow() {
      addTo('wristbands', 1 + random.below(3));
      addTo('parking-passes', random.below(2));
      addTo('customers', random.below(2));
      const customers = tables.customers.ids();
      if (customers.length > 0)
        change('customers', random.pick(customers), { city: 'Philadelphia', state: 'PA', postal_code: '19103' });
      const passes = tables['parking-passes'].ids();
      if (random.below(10) === 0 && passes.length > 1) tables['parking-passes'].remove(random.pick(passes));
    },
    reset,
    list: (entity, lagMs) => tables[entity].asOf(options.clock() - lagMs),
    get: (entity, id) => tables[entity].get(id),
  };
}
