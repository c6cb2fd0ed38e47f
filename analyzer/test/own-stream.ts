import { randomBytes, randomUUID } from 'node:crypto';
import { avscType } from '@millrace/core/schema/avsc-type';
import type { Value } from '@millrace/core/schema/from-json';
import type { Stream } from '@millrace/core/schema/stream';
import { createProducer, type LaneRecord } from '@millrace/core/stream/create-producer';
import { createEncoder } from '@millrace/core/stream/wire-format';
import { openWorld, type World } from '@millrace/testing/world';
import { shippedSchema } from '@millrace/testing/write-schema';
import { inject, onTestFinished } from 'vitest';

export type OwnStream = Pick<World, 'schemasDir' | 'kafka' | 'admin'> & {
  readonly world: World;
  readonly stream: Stream;
  encode(value: Value): Buffer;
  produce(records: readonly LaneRecord[]): Promise<void>;
};

/** A world with a stream of runs, with more fields if given, until the test ends. */
export async function ownStream(
  partitions: number,
  block: object = {},
  fields: readonly unknown[] = [],
): Promise<OwnStream> {
  const shipped = await shippedSchema('fitness/running');
  const stream = { ...shipped.stream, path: undefined, partitions, ...block };
  const runs = { ...shipped, stream, fields: [...[shipped.fields].flat(), ...fields] };
  const { kafkaBrokers, registryUrl } = inject('stack');
  const world = await openWorld({ kafkaBrokers, registryUrl }, { schemas: { runs } });
  const own = world.stream();
  const encode = createEncoder(avscType(own.avro), await world.registry.register(own));
  const limits = { deadlineMs: 30_000, maxInFlightRecords: 1e6, maxInFlightBytes: 1e9 };
  const producer = await createProducer(world.kafka, limits);
  onTestFinished(async () => {
    await producer.close();
    await world.close();
  });
  return {
    ...{ world, stream: own, encode },
    ...{ schemasDir: world.schemasDir, kafka: world.kafka, admin: world.admin },
    async produce(records) {
      await producer.produce(own.topic, records);
    },
  };
}

/** A run as it is encoded; the sequence number shows in `duration`. */
export function run(sequence: number, given: Value = {}): Value {
  return {
    user_id: `00000000-0000-4000-8000-${String(sequence % 100).padStart(12, '0')}`,
    duration: sequence,
    distance: sequence * 1.5,
    timestamp: Date.UTC(2026, 2, 1) + sequence * 60_000,
    event_id: randomUUID(),
    trace_id: randomBytes(16).toString('hex'),
    source: 'test',
    ingested_at: Date.UTC(2026, 2, 1),
    ...given,
  };
}
