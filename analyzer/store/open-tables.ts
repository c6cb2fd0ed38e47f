import type { DuckDBConnection } from '@duckdb/node-api';
import type { Log } from '@millrace/core/log/create-log';
import type { Stream } from '@millrace/core/schema/stream';
import { tableIncompatibility, type WriterType } from '../evolution/table-incompatibility.ts';
import { alterTable } from './alter-table.ts';
import {
  dropEpochs,
  type Epoch,
  loadEpochs,
  type StreamTable,
  showAs,
  startEpoch,
  storeOf,
  tableOf,
} from './catalog.ts';
import { loadWriterSchemas } from './writer-schemas.ts';

type OpenOptions = {
  readonly connection: DuckDBConnection;
  /** The schema of an id, to know under which the table's records were written. */
  readonly writerType: WriterType;
  readonly log: Log;
};

/** The table that answers, and the one of the epoch that is being built beside it, if there is. */
export type StreamTables = { readonly serving: StreamTable; readonly building: StreamTable | undefined };

/**
 * Opens a stream's tables, altered to its present schema where they were made for another. When that can't be done
 * without reading the topic again, all is dropped and a new epoch begun.
 */
export async function openTables(options: OpenOptions, stream: Stream): Promise<StreamTables> {
  const { connection, log } = options;
  const all = await loadEpochs(connection, stream);
  await dropEpochs(
    connection,
    stream,
    all.filter(({ retired }) => retired),
  );
  const epochs = all.filter(({ retired }) => !retired);
  const reason = await firstReason(options, stream, epochs);
  if (reason === undefined) {
    const tables: StreamTable[] = [];
    for (const epoch of epochs) tables.push(await tableNow(options, stream, epoch));
    await connection.run('UPDATE "$streams" SET store = $store WHERE stream = $stream AND store <> $store', {
      store: storeOf(stream),
      stream: stream.name,
    });
    const [serving, building] = tables;
    if (serving) {
      await showAs(connection, stream, serving.table);
      return { serving, building };
    }
  } else {
    log.warn({ stream: stream.name, reason }, 'the table can not follow the new schema: reading the topic again');
    await dropEpochs(connection, stream, epochs);
  }
  const serving = await startEpoch(connection, stream, (all.at(-1)?.epoch ?? -1) + 1);
  await showAs(connection, stream, serving.table);
  return { serving, building: undefined };
}

async function firstReason({ connection, writerType }: OpenOptions, stream: Stream, epochs: readonly Epoch[]) {
  for (const { epoch, avro, store } of epochs) {
    if (stream.store === 'upsert' && store !== storeOf(stream)) return `it was kept as ${store}`;
    if (JSON.stringify(avro) === JSON.stringify(stream.avro)) continue;
    const writers = await loadWriterSchemas(connection, stream.name, epoch);
    const reason = await tableIncompatibility(avro, stream.avro, writers, writerType);
    if (reason !== undefined) return reason;
  }
  return undefined;
}

async function tableNow({ connection, log }: OpenOptions, stream: Stream, epoch: Epoch): Promise<StreamTable> {
  if (JSON.stringify(epoch.avro) === JSON.stringify(stream.avro)) return tableOf(stream, epoch);
  const table = await alterTable(connection, stream, epoch);
  log.info({ stream: stream.name, epoch: epoch.epoch }, 'the table follows the new schema');
  return table;
}
