import { DuckDBTimestampValue, type DuckDBType, type DuckDBValue, TIMESTAMP } from '@duckdb/node-api';
import type { StreamTable } from '../store/catalog.ts';
import { quote } from '../store/stream-table.ts';
import { compileToDuck } from '../store/to-duck.ts';
import type { ReaderPool } from './reader-pool.ts';

/** Finds the number of an event by something else about it. */
export type FindIndex = {
  /** Of the first event appended at that time or later. */
  atTime(table: StreamTable, micros: bigint): Promise<bigint | undefined>;
  /** Of the event with this id; the newest, should it have come again after the dedupe window. */
  byEventId(table: StreamTable, eventId: string): Promise<bigint | undefined>;
};

type Values = Readonly<Record<string, DuckDBValue>>;
type Types = Readonly<Record<string, DuckDBType>>;

const toUuid = compileToDuck({ kind: 'string', logical: { name: 'uuid' } });

/** Blocks of rows know the least and the greatest of each column, so that DuckDB reads only those that can hold the answer. */
export function createFindIndex(pool: ReaderPool): FindIndex {
  return {
    atTime: ({ table }, micros) => {
      const at = new DuckDBTimestampValue(micros);
      return position(
        `SELECT min("$position") FROM ${quote(table)} WHERE "$appended_at" >= $at`,
        { at },
        { at: TIMESTAMP },
      );
    },
    byEventId: ({ table }, eventId) =>
      position(`SELECT max("$position") FROM ${quote(table)} WHERE event_id = $id`, { id: toUuid(eventId) }),
  };

  async function position(sql: string, values: Values, types?: Types): Promise<bigint | undefined> {
    const reader = await pool.use((connection) => connection.runAndReadAll(sql, values, types));
    const found = reader.value(0, 0);
    return typeof found === 'bigint' ? found : undefined;
  }
}
