import { isDeepStrictEqual } from 'node:util';
import type { Transaction } from '@millrace/core/database/open-database';
import { selectRows } from '@millrace/core/database/run-sql';
import { nameLiteral } from '@millrace/core/database/sql-literal';
import { metadataNames } from '@millrace/core/schema/metadata-fields';
import type { Stream } from '@millrace/core/schema/stream';
import { compileToJson } from '@millrace/core/schema/to-json';
import type { Rejected } from '../dead-letter/rejected.ts';
import { compileRowToJson, type JsonRow, type StoredRow } from '../query/row-to-json.ts';
import type { Table } from '../table/column.ts';
import { namesSql } from '../table/create-table-sql.ts';
import { eventIdOf, type Row } from './prepare-changes.ts';

const KEYS_AT_ONCE = 1_000;

export type FindConflicts = (trx: Transaction, partition: number, rows: readonly Row[]) => Promise<Rejected[]>;

/**
 * Compiles the look at rows whose `event_id` was there before them. One with the same fields is a harmless repeat; one with
 * others is an idempotency conflict, of which the first stays. A time that the receiver filled in is no difference: a retry through
 * another receiver has its own.
 */
export function compileFindConflicts(stream: Stream, table: Table): FindConflicts {
  const compared = table.columns.filter(({ name }) => !metadataNames.has(name) || name === 'ingested_at');
  const names = ['event_id', 'topic_partition', 'record_offset', ...compared.map(({ name }) => name)];
  const storedToJson = compileRowToJson(compared);
  const valueToJson = compileToJson(
    stream.fields.filter(({ name }) => compared.some((column) => column.name === name)),
  );
  const content = withoutArrival(stream);
  const select = `SELECT ${namesSql([...new Set(names)])} FROM ${nameLiteral(table.name)} WHERE event_id IN `;

  return async (trx, partition, rows) => {
    const stored = new Map<string, StoredRow>();
    for (let start = 0; start < rows.length; start += KEYS_AT_ONCE) {
      const keys = rows.slice(start, start + KEYS_AT_ONCE).map(({ key }) => key);
      const found = await selectRows<StoredRow>(trx, `${select}(${keys.join(',')})`);
      for (const row of found) stored.set(`'${row.event_id}'`, row);
    }
    return rows.flatMap((row) => {
      const first = stored.get(row.key);
      if (!first || isSameRecord(first, partition, row)) return [];
      return isDeepStrictEqual(content(storedToJson(first)), content(plain(valueToJson(row.value))))
        ? []
        : [conflict(row, first)];
    });
  };
}

const isSameRecord = (stored: StoredRow, partition: number, { record }: Row) =>
  stored.topic_partition === partition && String(stored.record_offset) === record.offset.toString();

/** A record's own fields, without the times in them that are that of its arrival because it left them out. */
function withoutArrival({ fields }: Stream): (record: JsonRow) => JsonRow {
  const times = new Set(fields.filter(({ generate }) => generate === 'now').map(({ name }) => name));
  return ({ ingested_at: arrival, ...own }) =>
    Object.fromEntries(Object.entries(own).filter(([name, value]) => !(times.has(name) && value === arrival)));
}

const plain = (json: JsonRow): JsonRow => JSON.parse(JSON.stringify(json));

function conflict({ record, value }: Row, first: StoredRow): Rejected {
  const reason = `the event of partition ${first.topic_partition}, offset ${first.record_offset} has this event_id and other fields`;
  return { record, stage: 'conflict', code: 'idempotency-conflict', reason, eventId: eventIdOf(value) };
}
