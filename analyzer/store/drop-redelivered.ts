import {
  type DuckDBDataChunk,
  DuckDBTimestampValue,
  DuckDBUUIDValue,
  LIST,
  listValue,
  TIMESTAMP,
  UUID,
} from '@duckdb/node-api';
import duckdb from '@duckdb/node-bindings';
import type { Run } from '@millrace/core/order/merge-partitions';
import type { RecordBlock } from '../read/read-block.ts';
import type { StreamTable } from './catalog.ts';
import { chunksOf } from './chunks-of.ts';
import { keptRuns } from './kept-runs.ts';
import { millisOf } from './millis-of.ts';
import type { Database } from './open-database.ts';
import { createSeenEvents } from './seen-events.ts';
import { quote } from './stream-table.ts';

/** How far apart in append time two records with one event id are still taken for one event. */
export const DEDUPE_WINDOW_MS = 7 * 86_400_000;

type Runs = readonly Run<RecordBlock>[];
export type DropRedelivered = (runs: Runs) => Promise<Runs>;

/**
 * Leaves out every record whose event id an earlier record of the table, or of these, has, not more than the window
 * before it. So what is left out depends on the log alone. Fingerprints in memory answer for nearly all records; the few
 * that may be repeats are looked up.
 */
export async function createDropRedelivered(
  { writer, connect, yieldToReads }: Pick<Database, 'writer' | 'connect' | 'yieldToReads'>,
  { stream, table }: StreamTable,
): Promise<DropRedelivered> {
  const idField = stream.fields.findIndex(({ name }) => name === 'event_id');
  const seen = createSeenEvents(DEDUPE_WINDOW_MS);
  await rebuild();

  return async (runs) => {
    const suspects = new Set<bigint>();
    for (const part of chunksOf(runs)) {
      for (const { block, from, to } of part) {
        const words = new Uint32Array(idCells(block));
        for (let i = from; i < to; i += 1)
          if (seen.add(words, i * 4, block.appendTimes[i] ?? 0)) suspects.add(idAt(words, i));
      }
      await yieldToReads();
    }
    return suspects.size === 0 ? runs : withoutRepeats(runs, suspects);
  };

  async function withoutRepeats(runs: Runs, suspects: ReadonlySet<bigint>): Promise<Runs> {
    const earliest = Math.min(...runs.map(earliestOf));
    const known = await lastTimes(suspects, earliest);
    const isRepeat = (block: RecordBlock, words: Uint32Array, index: number) => {
      const id = idAt(words, index);
      if (!suspects.has(id)) return false;
      const time = block.appendTimes[index] ?? 0;
      const before = known.get(id);
      if (before !== undefined && time - before <= DEDUPE_WINDOW_MS) return true;
      known.set(id, time);
      return false;
    };
    return runs.flatMap((run) => {
      const words = new Uint32Array(idCells(run.block));
      return keptRuns(run, (index) => !isRepeat(run.block, words, index));
    });
  }

  async function lastTimes(ids: ReadonlySet<bigint>, earliest: number): Promise<Map<bigint, number>> {
    const since = new DuckDBTimestampValue(BigInt(earliest - DEDUPE_WINDOW_MS) * 1_000n);
    const reader = await writer.runAndReadAll(
      `SELECT event_id, max("$appended_at") FROM ${quote(table)}
       WHERE event_id IN (SELECT unnest($ids)) AND "$appended_at" >= $since GROUP BY event_id`,
      { ids: listValue([...ids].map((id) => DuckDBUUIDValue.fromStoredHugeInt(id))), since },
      { ids: LIST(UUID), since: TIMESTAMP },
    );
    return new Map(reader.getRows().map(([id, at]) => [storedId(id), millisOf(at)]));
  }

  /** Reads as much of the table's end as the window covers. */
  async function rebuild() {
    const connection = await connect();
    const result = await connection.stream(
      `SELECT event_id, epoch_ms("$appended_at")::DOUBLE FROM ${quote(table)}
       WHERE "$appended_at" >= (SELECT max("$appended_at") - to_milliseconds(${DEDUPE_WINDOW_MS}) FROM ${quote(table)})`,
    );
    for (let chunk = await result.fetchChunk(); chunk && chunk.rowCount > 0; chunk = await result.fetchChunk()) {
      const words = new Uint32Array(cellsOf(chunk, 0, 16));
      const times = new Float64Array(cellsOf(chunk, 1, 8));
      for (const [row, time] of times.entries()) seen.add(words, row * 4, time);
    }
    connection.closeSync();
  }

  function idCells(block: RecordBlock): ArrayBuffer {
    const cells = block.cells[idField];
    if (cells?.kind !== 'fixed') throw new Error('event_id is a uuid in every stream');
    return cells.data;
  }
}

/** A column's cells as DuckDB keeps them: a million values made one by one would take a second. */
function cellsOf(chunk: DuckDBDataChunk, column: number, width: number): ArrayBuffer {
  const cells = duckdb.vector_get_data(duckdb.data_chunk_get_vector(chunk.chunk, column), chunk.rowCount * width);
  return new Uint8Array(cells).buffer;
}

/** The id as DuckDB stores it: a signed 128-bit integer. */
function idAt(words: Uint32Array, index: number): bigint {
  const word = (part: number) => BigInt(words[index * 4 + part] ?? 0);
  return BigInt.asIntN(128, word(0) | (word(1) << 32n) | (word(2) << 64n) | (word(3) << 96n));
}

function earliestOf({ block, from, to }: Run<RecordBlock>): number {
  return block.appendTimes.subarray(from, to).reduce((least, time) => Math.min(least, time));
}

const storedId = (value: unknown) => (value instanceof DuckDBUUIDValue ? value.hugeint : 0n);
