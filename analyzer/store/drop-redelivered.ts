import { type DuckDBConnection, DuckDBTimestampValue, LIST, listValue, TIMESTAMP, UUID } from '@duckdb/node-api';
import type { PendingRecord } from '../order/pending-record.ts';
import { scalarJson } from './from-duck.ts';
import { createSeenEvents } from './seen-events.ts';
import { quote } from './stream-table.ts';
import { compileToDuck } from './to-duck.ts';
import { parseUuid } from './uuid-words.ts';

/** How far apart in append time two records with one event id are still taken for one event. */
export const DEDUPE_WINDOW_MS = 7 * 86_400_000;

export type DropRedelivered = (records: readonly PendingRecord[]) => Promise<PendingRecord[]>;

const uuidToDuck = compileToDuck({ kind: 'string', logical: { name: 'uuid' } });
const words = new Uint32Array(4);

/**
 * Leaves out every record whose event id an earlier record of the table, or of these, has, not more than the window
 * before it. So what is left out depends on the log alone. Fingerprints in memory answer for nearly all records; the few
 * that may be repeats are looked up.
 */
export async function createDropRedelivered(connection: DuckDBConnection, table: string): Promise<DropRedelivered> {
  const seen = createSeenEvents(DEDUPE_WINDOW_MS);
  await rebuild();

  return async (records) => {
    const suspects = new Set<string>();
    for (const { value, appendTime } of records) {
      const id = value?.event_id;
      if (typeof id === 'string' && parseUuid(id, words, 0) && seen.add(words, 0, appendTime))
        suspects.add(id.toLowerCase());
    }
    return suspects.size === 0 ? [...records] : withoutRepeats(records, suspects);
  };

  async function withoutRepeats(records: readonly PendingRecord[], suspects: ReadonlySet<string>) {
    const known = await lastTimes(suspects, Math.min(...records.map(({ appendTime }) => appendTime)));
    return records.filter(({ value, appendTime }) => {
      const id = String(value?.event_id).toLowerCase();
      if (!suspects.has(id)) return true;
      const before = known.get(id);
      if (before !== undefined && appendTime - before <= DEDUPE_WINDOW_MS) return false;
      known.set(id, appendTime);
      return true;
    });
  }

  async function lastTimes(ids: ReadonlySet<string>, earliest: number): Promise<Map<string, number>> {
    const reader = await connection.runAndReadAll(
      `SELECT event_id, max("$appended_at") FROM ${quote(table)}
       WHERE event_id IN (SELECT unnest($ids)) AND "$appended_at" >= $since GROUP BY event_id`,
      { ids: listValue([...ids].map(uuidToDuck)), since: instant(earliest - DEDUPE_WINDOW_MS) },
      { ids: LIST(UUID), since: TIMESTAMP },
    );
    return new Map(reader.getRows().map(([id, at]) => [String(scalarJson(id ?? null)), millisOf(at)]));
  }

  /** Reads as much of the table's end as the window covers. */
  async function rebuild() {
    const result = await connection.stream(
      `SELECT event_id, "$appended_at" FROM ${quote(table)}
       WHERE "$appended_at" >= (SELECT max("$appended_at") - to_milliseconds(${DEDUPE_WINDOW_MS}) FROM ${quote(table)})`,
    );
    for (let chunk = await result.fetchChunk(); chunk && chunk.rowCount > 0; chunk = await result.fetchChunk()) {
      const ids = chunk.getColumnVector(0);
      const times = chunk.getColumnVector(1);
      for (let row = 0; row < chunk.rowCount; row += 1) {
        parseUuid(String(ids.getItem(row)), words, 0);
        seen.add(words, 0, millisOf(times.getItem(row)));
      }
    }
  }
}

const instant = (millis: number) => new DuckDBTimestampValue(BigInt(millis) * 1_000n);

const millisOf = (value: unknown) => (value instanceof DuckDBTimestampValue ? Number(value.micros / 1_000n) : 0);
