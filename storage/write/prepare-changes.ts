import { turnTaker } from '@millrace/core/promise/turn-taker';
import type { Field } from '@millrace/core/schema/avro-type';
import type { Value } from '@millrace/core/schema/from-json';
import { compileFromText } from '@millrace/core/schema/from-text';
import { compileInvalidValue } from '@millrace/core/schema/invalid-value';
import type { Stream } from '@millrace/core/schema/stream';
import type { ConsumedRecord } from '@millrace/core/stream/consume';
import type { DecodeBatch } from '@millrace/core/stream/create-decoder';
import { sqlTypeText } from '@millrace/core/table/sql-type';
import type { Rejected } from '../dead-letter/rejected.ts';
import type { Column, Table } from '../table/column.ts';
import { type ChildRow, compileChildRows } from './child-rows.ts';
import { compileValues } from './compile-values.ts';

/** A record as the table takes it: its values as literals in the order of the columns, its key as a literal. */
export type Row = {
  readonly kind: 'row';
  readonly record: ConsumedRecord;
  readonly key: string;
  readonly values: string;
  readonly value: Readonly<Value>;
  /** The elements of its arrays that are rows of child tables. */
  readonly children: readonly ChildRow[];
};
/** A tombstone of an upsert stream. */
export type Removal = { readonly kind: 'removal'; readonly record: ConsumedRecord; readonly key: string };
export type Change = Row | Removal;
/** Never throws for what a record holds. */
export type Prepare = (records: readonly ConsumedRecord[]) => Promise<Prepared>;
export type Prepared = { readonly changes: readonly Change[]; readonly rejected: readonly Rejected[] };

/**
 * Compiles the step from a batch of records to the changes they ask for, in order. What the table can't hold is rejected
 * here already, from its columns, so that the database rarely has to find it. Yields to the event loop, which answers questions
 * meanwhile: a batch takes dozens of milliseconds.
 */
export function compilePrepare(stream: Stream, table: Table, decode: DecodeBatch): Prepare {
  const toValues = compileValues(table.columns);
  const keyColumn = table.columns.find(({ name }) => name === table.primaryKey[0]);
  if (!keyColumn) throw new Error(`table ${table.name} has no key`);
  const removalOf = compileRemoval(stream.key, keyColumn);
  const toChildren = compileChildRows(table.children);
  const invalid = compileInvalidValue(stream.fields);
  const takesTombstones = stream.store === 'upsert';

  return async (records: readonly ConsumedRecord[]): Promise<Prepared> => {
    const decoded = await decode(records.map(({ value }) => value));
    const changes: Change[] = [];
    const rejected: Rejected[] = [];
    const turn = turnTaker();
    for (const [index, record] of records.entries()) {
      if (turn.isDue()) await turn.yield();
      const outcome = takesTombstones && record.value === null ? removalOf(record) : rowOf(record, index);
      if ('stage' in outcome) rejected.push(outcome);
      else changes.push(outcome);
    }
    return { changes, rejected };

    function rowOf(record: ConsumedRecord, index: number): Row | Rejected {
      const outcome = decoded[index] ?? { fault: 'the record was not decoded' };
      if ('fault' in outcome) return { record, stage: 'decode', code: 'undecodable', reason: outcome.fault };
      const { value } = outcome;
      const fault = invalid(value);
      if (fault !== undefined)
        return { record, stage: 'table', code: 'does-not-fit', reason: fault, eventId: eventIdOf(value) };
      const values = toValues(value);
      if (typeof values !== 'string') return misfit(record, value, values);
      const key = keyColumn?.literal(value[keyColumn.name]) ?? 'NULL';
      const children = toChildren(key, value);
      if ('type' in children) return misfit(record, value, children);
      return { kind: 'row', record, value, values, key, children };
    }
  };
}

function misfit(record: ConsumedRecord, value: Readonly<Value>, { name, type }: Column): Rejected {
  const reason = `column ${name}, ${sqlTypeText(type).split(' ')[0]}, can't hold the value`;
  return { record, stage: 'table', code: 'does-not-fit', reason, eventId: eventIdOf(value) };
}

export const eventIdOf = ({ event_id: id }: Readonly<Value>): string | undefined =>
  typeof id === 'string' ? id : undefined;

/** The key is read as `keyOf` writes it: a time as its number, everything else as its text. */
function compileRemoval(field: Field, column: Column): (record: ConsumedRecord) => Removal | Rejected {
  const fromText = compileFromText(field);
  return (record) => {
    const text = record.key?.toString() ?? '';
    const read = fromText(text);
    const value = 'value' in read ? read.value : /^-?\d{1,16}$/.test(text) ? Number(text) : undefined;
    const literal = record.key && value !== undefined ? column.literal(value) : undefined;
    if (literal !== undefined) return { kind: 'removal', record, key: literal };
    return { record, stage: 'table', code: 'does-not-fit', reason: `a tombstone's key must be a ${column.name}` };
  };
}
