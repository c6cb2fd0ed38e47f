import type { DuckDBConnection, DuckDBPreparedStatement, DuckDBValue } from '@duckdb/node-api';
import type { StreamTable } from '../store/catalog.ts';
import { quote, tableColumns } from '../store/stream-table.ts';
import { type PlacedEvent, placedEvents } from './placed-event.ts';
import type { ReaderPool } from './reader-pool.ts';

export type FindEvents = {
  /** The event with this number, or undefined. */
  at(table: StreamTable, index: bigint): Promise<PlacedEvent | undefined>;
  /** Events in order of their numbers, from this one on. */
  from(table: StreamTable, index: bigint, limit: number): Promise<PlacedEvent[]>;
};

/** Looks events up by their number. Rows lie in order of it, so DuckDB reads only the blocks that can hold it. */
export function createFindEvents(pool: ReaderPool): FindEvents {
  const prepared = new WeakMap<DuckDBConnection, Map<string, DuckDBPreparedStatement>>();
  const converters = new WeakMap<StreamTable, (row: readonly DuckDBValue[]) => PlacedEvent>();

  return {
    async at(table, index) {
      const [event] = await select(table, index, index + 1n);
      return event;
    },
    from: (table, index, limit) => select(table, index, index + BigInt(limit)),
  };

  function select(table: StreamTable, start: bigint, end: bigint): Promise<PlacedEvent[]> {
    return pool.use(async (connection) => {
      const statement = await prepare(connection, table);
      statement.bindBigInt(1, start);
      statement.bindBigInt(2, end);
      const reader = await statement.runAndReadAll();
      return reader.getRows().map(converterOf(table));
    });
  }

  async function prepare(connection: DuckDBConnection, { table, stream }: StreamTable) {
    const own = prepared.get(connection) ?? new Map<string, DuckDBPreparedStatement>();
    prepared.set(connection, own);
    const known = own.get(table);
    if (known) return known;
    const columns = tableColumns(stream).map(({ name }) => quote(name));
    const statement = await connection.prepare(
      `SELECT ${columns.join(', ')} FROM ${quote(table)} WHERE "$position" >= $1 AND "$position" < $2 ORDER BY "$position"`,
    );
    own.set(table, statement);
    return statement;
  }

  function converterOf(table: StreamTable) {
    const known = converters.get(table) ?? placedEvents(table.stream);
    converters.set(table, known);
    return known;
  }
}
