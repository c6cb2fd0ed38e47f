import type { DuckDBConnection } from '@duckdb/node-api';
import type { AvroRecordJson, Stream } from '@millrace/core/schema/stream';
import { columnType } from './column-type.ts';
import { inTransaction } from './in-transaction.ts';
import { createTableSql, quote } from './stream-table.ts';
import { createRemovalsSql, removalsTable } from './tombstones.ts';

/** Which table holds a stream's history. A stream whose topic was recreated gets a new epoch, and with it a new table. */
export type StreamTable = { readonly stream: Stream; readonly epoch: number; readonly table: string };

/** An epoch as the catalog has it. `revision` counts how often its table was altered; a retired one is to be dropped. */
export type Epoch = {
  readonly epoch: number;
  readonly revision: number;
  /** The schema that the table was made for. */
  readonly avro: AvroRecordJson;
  /** How its records are kept: what `storeOf` says of the stream then. */
  readonly store: string;
  readonly retired: boolean;
};

export const CATALOG_TABLE = `CREATE TABLE IF NOT EXISTS "$streams" (
  stream VARCHAR, epoch INTEGER, revision INTEGER, avro VARCHAR, store VARCHAR, retired BOOLEAN, first BIGINT, anchored BOOLEAN)`;

/** The tables with rows of all streams, which go with their epoch. */
const SHARED_TABLES = ['$streams', '$checkpoints', '$writers', '$repeats'];

export function tableOf(stream: Stream, { epoch, revision }: Pick<Epoch, 'epoch' | 'revision'>): StreamTable {
  return { stream, epoch, table: `${stream.table}$${epoch}${revision > 0 ? `$${revision}` : ''}` };
}

/** Tombstones are read for upsert streams alone, and their keys are of the key's type. */
export const storeOf = ({ store, key }: Stream): string =>
  store === 'append' ? store : `upsert by ${key.name} ${columnType(key.type)}`;

/** A stream's epochs, the oldest first: the one that answers, and the one being built beside it, if there is. */
export async function loadEpochs(connection: DuckDBConnection, stream: Stream): Promise<Epoch[]> {
  const reader = await connection.runAndReadAll(
    'SELECT epoch, revision, avro, store, retired FROM "$streams" WHERE stream = $stream ORDER BY epoch',
    { stream: stream.name },
  );
  return reader.getRows().map(([epoch, revision, avro, store, retired]) => ({
    epoch: Number(epoch),
    revision: Number(revision),
    avro: JSON.parse(String(avro)),
    store: String(store),
    retired: retired === true,
  }));
}

/** Makes the table of a new epoch beside what there is. */
export function startEpoch(connection: DuckDBConnection, stream: Stream, epoch: number): Promise<StreamTable> {
  const next = tableOf(stream, { epoch, revision: 0 });
  return inTransaction(connection, async () => {
    await connection.run(createTableSql(next.table, stream));
    await connection.run(createRemovalsSql(next.table, stream));
    await connection.run('INSERT INTO "$streams" VALUES ($stream, $epoch, 0, $avro, $store, false, 0, true)', {
      stream: stream.name,
      epoch,
      avro: JSON.stringify(stream.avro),
      store: storeOf(stream),
    });
    return next;
  });
}

/** Lets an epoch answer in place of those before it, which are dropped once no query can still be reading them. */
export function promoteEpoch(connection: DuckDBConnection, { stream, epoch, table }: StreamTable): Promise<void> {
  return inTransaction(connection, async () => {
    await connection.run('UPDATE "$streams" SET retired = true WHERE stream = $stream AND epoch < $epoch', {
      stream: stream.name,
      epoch,
    });
    await showAs(connection, stream, table);
  });
}

/** Gives the table under the stream's own name to those who open the file with DuckDB's tools. */
export async function showAs(connection: DuckDBConnection, stream: Stream, table: string): Promise<void> {
  await connection.run(`CREATE OR REPLACE VIEW ${quote(stream.table)} AS SELECT * FROM ${quote(table)}`);
}

export function dropEpochs(connection: DuckDBConnection, stream: Stream, epochs: readonly Epoch[]): Promise<void> {
  return inTransaction(connection, async () => {
    for (const { epoch, revision } of epochs) {
      const { table } = tableOf(stream, { epoch, revision });
      for (const name of [quote(table), removalsTable(table)]) await connection.run(`DROP TABLE IF EXISTS ${name}`);
      for (const shared of SHARED_TABLES)
        await connection.run(`DELETE FROM ${quote(shared)} WHERE stream = $stream AND epoch = $epoch`, {
          stream: stream.name,
          epoch,
        });
    }
  });
}
