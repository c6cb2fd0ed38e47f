import { setImmediate } from 'node:timers/promises';
import type { DuckDBConnection } from '@duckdb/node-api';
import { type PlacedEvent, placedEvents } from '../ask/placed-event.ts';
import type { ReaderPool } from '../ask/reader-pool.ts';
import type { History } from '../store/open-history.ts';
import { columnNames, quote } from '../store/stream-table.ts';
import { inRange, type TimeRange } from './time-range.ts';

/** Numbers that one query covers, and rows that become events in one turn: other requests wait for so long at most. */
const PAGE_EVENTS = 2_000;
const TURN_EVENTS = 250;

/**
 * The events that have a number now and an event time in the range, in order of their numbers, a few at a time. Each page is a
 * short query of its own: between two pages nothing is held open, so a slow or disconnected reader costs nothing.
 * Rows are never changed, so the pages fit together.
 */
export async function* readHistory(
  pool: ReaderPool,
  history: History,
  range: TimeRange,
): AsyncGenerator<readonly PlacedEvent[]> {
  const { table, stream } = history.table;
  const end = history.count();
  const toEvent = placedEvents(stream);
  const where = inRange(stream, range);
  const [first, last] = await bounds();
  if (first === null || last === null) return;
  for (let from = first; from <= last; from += BigInt(PAGE_EVENTS)) {
    const to = from + BigInt(PAGE_EVENTS);
    const rows = await query(
      `SELECT ${columnNames(stream)} FROM ${quote(table)}
        WHERE "$position" >= ${from} AND "$position" < ${to < end ? to : end}${where} ORDER BY "$position"`,
    );
    for (let at = 0; at < rows.length; at += TURN_EVENTS) {
      yield rows.slice(at, at + TURN_EVENTS).map(toEvent);
      await setImmediate();
    }
  }

  /** The numbers between which the range lies. */
  async function bounds(): Promise<[bigint | null, bigint | null]> {
    const [row] = await query(
      `SELECT min("$position"), max("$position") FROM ${quote(table)} WHERE "$position" < ${end}${where}`,
    );
    const [least, most] = row ?? [];
    return [typeof least === 'bigint' ? least : null, typeof most === 'bigint' ? most : null];
  }

  function query(sql: string) {
    return pool.use(async (connection: DuckDBConnection) => (await connection.runAndReadAll(sql)).getRows());
  }
}
