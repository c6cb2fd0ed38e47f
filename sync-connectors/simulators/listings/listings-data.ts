import { type Random, seededRandom } from '../frame/seeded-random.ts';
import type { VendorData } from '../frame/vendor-data.ts';
import { type Row, type VersionedRows, versionedRows } from '../frame/versioned-rows.ts';
import { dirtKinds, endOf, idOf, makeBasePlan, type Vocabulary, vocabularies, vocabularyOf } from './base-plan.ts';

export type ListingsData = VendorData & {
  rows(vocabulary: Vocabulary): readonly Row[];
  lastModified(vocabulary: Vocabulary): number;
};

export type ListingsDataOptions = {
  readonly seed: number;
  readonly today: number;
  /** Base plans of each provider. */
  readonly plans: number;
  readonly dirt: boolean;
  readonly clock: () => number;
};

const isVocabulary = (name: string): name is Vocabulary => vocabularies.some((vocabulary) => vocabulary === name);

/** Base plans of two providers. `plans` means both; `planList` and `eventList` one of them. */
export function listingsData(options: ListingsDataOptions): ListingsData {
  const { clock } = options;
  let tables: Readonly<Record<Vocabulary, VersionedRows>>;
  let made: Record<Vocabulary, number>;
  let random: Random;
  let modified: Record<Vocabulary, number>;

  const touch = (vocabulary: Vocabulary) => {
    modified[vocabulary] = clock();
  };

  function add(vocabulary: Vocabulary, count: number): string[] {
    touch(vocabulary);
    return Array.from({ length: count }, () => {
      const index = made[vocabulary];
      made[vocabulary] += 1;
      tables[vocabulary].put(idOf(vocabulary, index), makeBasePlan(vocabulary, index, options, options.dirt));
      return idOf(vocabulary, index);
    });
  }

  function reset(): void {
    tables = { planList: versionedRows(clock), eventList: versionedRows(clock) };
    made = { planList: 0, eventList: 0 };
    modified = { planList: clock(), eventList: clock() };
    random = seededRandom(options.seed);
    for (const vocabulary of vocabularies) add(vocabulary, options.plans);
  }

  function change(id: string, fields: Row): boolean {
    const vocabulary = vocabularyOf(id);
    const entry = tables[vocabulary].get(id);
    if (!entry) return false;
    tables[vocabulary].put(id, { ...entry.row, ...fields });
    touch(vocabulary);
    return true;
  }

  function remove(id: string): boolean {
    touch(vocabularyOf(id));
    return tables[vocabularyOf(id)].remove(id);
  }

  function idsOf(entity: string): string[] | undefined {
    if (isVocabulary(entity)) return tables[entity].ids();
    return entity === 'plans' ? vocabularies.flatMap((vocabulary) => tables[vocabulary].ids()) : undefined;
  }

  reset();
  return {
    counts: () => ({ plans: tables.planList.size + tables.eventList.size }),
    ids: idsOf,
    remove: (entity, id) => idsOf(entity) !== undefined && remove(id),
    change: (entity, id, fields) => idsOf(entity) !== undefined && change(id, fields),
    add: (entity, count) => (idsOf(entity) ? add(isVocabulary(entity) ? entity : 'planList', count) : undefined),
    /** What has ended leaves the feed; something new comes, a price changes, a plan goes offline. */
    grow() {
      for (const vocabulary of vocabularies) {
        const { row } = tables[vocabulary].asOf(clock()).find(({ row }) => endOf(row) < clock()) ?? {};
        if (row) remove(String(row.base_plan_id));
        add(vocabulary, 1);
        const clean = tables[vocabulary].ids().filter((id) => tables[vocabulary].get(id)?.row.dirt === null);
        if (clean.length === 0) continue;
        change(random.pick(clean), { price: 10 + random.below(40) });
        if (random.below(8) === 0) change(random.pick(clean), { sell_mode: 'offline' });
      }
    },
    reset,
    rows: (vocabulary) => tables[vocabulary].asOf(Number.POSITIVE_INFINITY).map(({ row }) => row),
    lastModified: (vocabulary) => modified[vocabulary],
  };
}

/** Rows that no data set holds: for feeds larger than memory. */
export function* endlessRows(vocabulary: Vocabulary, options: Omit<ListingsDataOptions, 'clock'>): Generator<Row> {
  for (let index = 0; index < options.plans; index += 1)
    yield makeBasePlan(vocabulary, index + dirtKinds.length, options, false);
}
