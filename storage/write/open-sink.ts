import type { Transaction } from '@millrace/core/database/open-database';
import type { Stream } from '@millrace/core/schema/stream';
import { createDecoder } from '@millrace/core/stream/create-decoder';
import type { Registry } from '@millrace/core/stream/open-registry';
import type { Table } from '../table/column.ts';
import { tableOf } from '../table/table-of.ts';
import { compileFindConflicts, type FindConflicts } from './find-conflicts.ts';
import { compileInsert, type Insert } from './insert-rows.ts';
import { leaveOutExpired } from './leave-out-expired.ts';
import { type Change, compilePrepare, type Prepare } from './prepare-changes.ts';
import { compileRemoveChildren, type RemoveChildren } from './replace-children.ts';

/**
 * Keeps something beside a stream's rows, of the same records and in the same transaction. Gets every change of a batch that was made,
 * also those that a newer one replaced, in order and after the rows.
 */
export type Beside = (trx: Transaction, changes: readonly Change[]) => Promise<void>;

/** Everything compiled that a stream's records pass through. */
export type Sink = {
  readonly stream: Stream;
  readonly table: Table;
  readonly prepare: Prepare;
  readonly insert: Insert;
  readonly removeChildren: RemoveChildren;
  readonly findConflicts: FindConflicts;
  readonly beside?: Beside;
};

export function openSink(stream: Stream, registry: Registry, beside?: Beside): Sink {
  const table = tableOf(stream);
  return {
    stream,
    table,
    prepare: leaveOutExpired(stream, compilePrepare(stream, table, createDecoder(registry, stream))),
    insert: compileInsert(stream, table),
    removeChildren: compileRemoveChildren(table),
    findConflicts: compileFindConflicts(stream, table),
    ...(beside && { beside }),
  };
}
