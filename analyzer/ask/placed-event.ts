import type { DuckDBValue } from '@duckdb/node-api';
import type { AvroType } from '@millrace/core/schema/avro-type';
import type { Stream } from '@millrace/core/schema/stream';
import { compileFromDuck } from '../store/from-duck.ts';

/** An event as it is answered: its own fields flat, and where it stands. */
export type PlacedEvent = Record<string, unknown> & {
  readonly position: { index: number; partition: number; offset: number; appended_at: string };
};

const MILLIS: AvroType = { kind: 'long', logical: { name: 'timestamp-millis' } };

/** Compiles the step from a row of the stream's table, its columns in order, to the event that is answered. */
export function placedEvents({ fields }: Stream): (row: readonly DuckDBValue[]) => PlacedEvent {
  const appendedAt = compileFromDuck(MILLIS);
  const steps = fields.map(({ name, type }, index) => ({ name, index, convert: compileFromDuck(type) }));
  return ([index, partition, offset, appended, ...values]) => ({
    ...Object.fromEntries(steps.map(({ name, index: at, convert }) => [name, convert(values[at] ?? null)])),
    position: {
      index: Number(index),
      partition: Number(partition),
      offset: Number(offset),
      appended_at: String(appendedAt(appended ?? null)),
    },
  });
}
