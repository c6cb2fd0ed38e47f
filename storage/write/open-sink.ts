import type { Stream } from '@millrace/core/schema/stream';
import { createDecoder } from '@millrace/core/stream/create-decoder';
import type { Registry } from '@millrace/core/stream/open-registry';
import type { Table } from '../table/column.ts';
import { tableOf } from '../table/table-of.ts';
import { compileFindConflicts } from './find-conflicts.ts';
import { compileInsert } from './insert-rows.ts';
import { leaveOutExpired } from './leave-out-expired.ts';
import { compilePrepare } from './prepare-changes.ts';
import { compileRemoveChildren } from './replace-children.ts';

/** Everything compiled that a stream's records pass through. */
export type Sink = {
  readonly stream: Stream;
  readonly table: Table;
  readonly prepare: ReturnType<typeof compilePrepare>;
  readonly insert: ReturnType<typeof compileInsert>;
  readonly removeChildren: ReturnType<typeof compileRemoveChildren>;
  readonly findConflicts: ReturnType<typeof compileFindConflicts>;
};

export function openSink(stream: Stream, registry: Registry): Sink {
  const table = tableOf(stream);
  return {
    stream,
    table,
    prepare: leaveOutExpired(stream, compilePrepare(stream, table, createDecoder(registry, stream))),
    insert: compileInsert(stream, table),
    removeChildren: compileRemoveChildren(table),
    findConflicts: compileFindConflicts(stream, table),
  };
}
