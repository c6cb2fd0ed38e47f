import type { DuckDBConnection } from '@duckdb/node-api';
import { parseAvroRecord } from '@millrace/core/schema/parse-avro';
import type { Stream } from '@millrace/core/schema/stream';
import { conversionOf } from '../evolution/conversion.ts';
import { type Epoch, type StreamTable, tableOf } from './catalog.ts';
import { inTransaction } from './in-transaction.ts';
import { OWN_COLUMNS, quote, tableColumns } from './stream-table.ts';
import { removalsTable } from './tombstones.ts';

/**
 * Makes an epoch's table one of the stream's present schema, in one transaction: numbers and places stay, columns are
 * converted, and those that are new get the schema's default. DuckDB's ALTER TABLE could add a column only at the end and
 * fails on defaults with parts, so the table is copied, at about two million rows a second.
 */
export async function alterTable(connection: DuckDBConnection, stream: Stream, before: Epoch): Promise<StreamTable> {
  const old = tableOf(stream, before);
  const next = tableOf(stream, { ...before, revision: before.revision + 1 });
  const oldStream = { ...stream, fields: parseAvroRecord(before.avro).fields };
  const isSame = columnsOf(oldStream) === columnsOf(stream);
  return inTransaction(connection, async () => {
    await connection.run(
      `UPDATE "$streams" SET avro = $avro${isSame ? '' : ', revision = revision + 1'}
       WHERE stream = $stream AND epoch = $epoch`,
      { avro: JSON.stringify(stream.avro), stream: stream.name, epoch: before.epoch },
    );
    if (isSame) return old;
    const { columns, values, types } = conversionOf(oldStream.fields, stream.fields);
    const own = OWN_COLUMNS.map(({ name }) => quote(name));
    await connection.run(
      `CREATE TABLE ${quote(next.table)} AS SELECT ${[...own, ...columns].join(', ')} FROM ${quote(old.table)}`,
      { ...values },
      { ...types },
    );
    await connection.run(`CREATE TABLE ${removalsTable(next.table)} AS SELECT * FROM ${removalsTable(old.table)}`);
    for (const name of [quote(old.table), removalsTable(old.table)]) await connection.run(`DROP TABLE ${name}`);
    return next;
  });
}

const columnsOf = (stream: Stream) =>
  tableColumns(stream)
    .map(({ name, type }) => `${name} ${type}`)
    .join(', ');
