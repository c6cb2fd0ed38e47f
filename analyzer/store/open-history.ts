import { createHash } from 'node:crypto';
import { setImmediate as yieldToRequests } from 'node:timers/promises';
import type { DuckDBConnection } from '@duckdb/node-api';
import type { PendingRecord } from '../order/pending-record.ts';
import type { StreamTable } from './catalog.ts';
import { type Checkpoint, type Identity, loadCheckpoints, saveCheckpoints } from './checkpoint.ts';
import { CHUNK_ROWS } from './column-writer.ts';
import { createDropRedelivered } from './drop-redelivered.ts';
import { chunkFiller, quote } from './stream-table.ts';

/** What an append did with the records given. */
export type Appended = { readonly numbered: number; readonly redelivered: number; readonly unusable: number };

/** One stream's numbered records, and how far its partitions are numbered. */
export type History = {
  readonly table: StreamTable;
  /** By partition, as of the last append. */
  readonly checkpoints: ReadonlyMap<number, Checkpoint>;
  /** How many records have a number; the next one's number. */
  count(): bigint;
  /** Numbers records in the order given. Rows and next offsets share one transaction: a kill leaves both or neither. */
  append(records: readonly PendingRecord[]): Promise<Appended>;
};

export async function openHistory(connection: DuckDBConnection, table: StreamTable): Promise<History> {
  const { stream, epoch } = table;
  const checkpoints = await loadCheckpoints(connection, stream.name, epoch);
  const fill = chunkFiller(stream);
  const dropRedelivered = await createDropRedelivered(connection, table.table);
  const reader = await connection.runAndReadAll(`SELECT max("$position") FROM ${quote(table.table)}`);
  const newest = reader.value(0, 0);
  let next = typeof newest === 'bigint' ? newest + 1n : 0n;

  return {
    table,
    checkpoints,
    count: () => next,
    async append(records) {
      const usable = records.filter(({ value }) => value !== null);
      const fresh = await dropRedelivered(usable);
      const reached = lastOfEach(records);
      await connection.run('BEGIN');
      await appendRows(fresh);
      await saveCheckpoints(connection, stream.name, epoch, reached);
      await connection.run('COMMIT');
      next += BigInt(fresh.length);
      for (const checkpoint of reached) checkpoints.set(checkpoint.partition, checkpoint);
      return {
        numbered: fresh.length,
        redelivered: usable.length - fresh.length,
        unusable: records.length - usable.length,
      };
    },
  };

  async function appendRows(records: readonly PendingRecord[]) {
    if (records.length === 0) return;
    const appender = await connection.createAppender(table.table);
    for (let from = 0; from < records.length; from += CHUNK_ROWS) {
      const rows = records
        .slice(from, from + CHUNK_ROWS)
        .map((record, index) => ({ position: next + BigInt(from + index), record }));
      appender.appendDataChunk(fill(rows));
      await yieldToRequests();
    }
    appender.closeSync();
  }
}

function lastOfEach(records: readonly PendingRecord[]): Checkpoint[] {
  const last = new Map<number, PendingRecord>();
  for (const record of records) last.set(record.partition, record);
  return [...last.values()].map((record) => ({
    partition: record.partition,
    nextOffset: record.offset + 1n,
    orderTime: record.orderTime,
    last: identityOf(record),
  }));
}

export function identityOf({
  offset,
  appendTime,
  bytes,
}: Pick<PendingRecord, 'offset' | 'appendTime' | 'bytes'>): Identity {
  return {
    offset,
    appendTime,
    hash: createHash('sha256')
      .update(bytes ?? '')
      .digest('hex'),
  };
}
