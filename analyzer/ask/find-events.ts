import type {
  DuckDBConnection,
  DuckDBMaterializedResult,
  DuckDBPreparedStatement,
  DuckDBValue,
} from '@duckdb/node-api';
import type { StreamTable } from '../store/catalog.ts';
import { columnNames, quote } from '../store/stream-table.ts';
import { type PlacedEvent, placedEvents } from './placed-event.ts';
import type { ReaderPool } from './reader-pool.ts';

export type FindEvents = {
  /** The event with this number, or undefined. */
  at(table: StreamTable, index: bigint): Promise<PlacedEvent | undefined>;
  /** Events in order of their numbers, from this one on. */
  from(table: StreamTable, index: bigint, limit: number): Promise<PlacedEvent[]>;
};

/** Sorting, even a single row, costs as much as finding it: only a page does. */
const ONE = '"$position" = $1';
const PAGE = '"$position" >= $1 AND "$position" < $2 ORDER BY "$position"';

/** Looks events up by their number. Rows lie in order of it, so DuckDB reads only the blocks that can hold it. */
export function createFindEvents(pool: ReaderPool): FindEvents {
  const prepared = new WeakMap<DuckDBConnection, Map<string, DuckDBPreparedStatement>>();
  const converters = new WeakMap<StreamTable, (row: readonly DuckDBValue[]) => PlacedEvent>();

  return {
    async at(table, index) {
      const [event] = await select(table, ONE, index);
      return event;
    },
    from: (table, index, limit) => select(table, PAGE, index, index + BigInt(limit)),
  };

  function select(table: StreamTable, which: string, ...bounds: bigint[]): Promise<PlacedEvent[]> {
    return pool.use(async (connection) => {
      const statement = await prepare(connection, table, which);
      for (const [index, bound] of bounds.entries()) statement.bindBigInt(index + 1, bound);
      return rowsOf(await statement.run()).map(converterOf(table));
    });
  }

  async function prepare(connection: DuckDBConnection, { table, stream }: StreamTable, which: string) {
    const own = prepared.get(connection) ?? new Map<string, DuckDBPreparedStatement>();
    prepared.set(connection, own);
    const name = `${which} ${table}`;
    const known = own.get(name);
    if (known) return known;
    const statement = await connection.prepare(`SELECT ${columnNames(stream)} FROM ${quote(table)} WHERE ${which}`);
    own.set(name, statement);
    return statement;
  }

  function converterOf(table: StreamTable) {
    const known = converters.get(table) ?? placedEvents(table.stream);
    converters.set(table, known);
    return known;
  }
}

/** The result is whole already: reading it here saves two turns of the event loop, each of which may have to wait. */
function rowsOf(result: DuckDBMaterializedResult): DuckDBValue[][] {
  return Array.from({ length: result.chunkCount }, (_, index) => result.getChunk(index).getRows()).flat();
}
