import { randomBytes, randomUUID } from 'node:crypto';
import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createLog } from '@millrace/core/log/create-log';
import { avscType } from '@millrace/core/schema/avsc-type';
import type { Value } from '@millrace/core/schema/from-json';
import { loadStreams } from '@millrace/core/schema/load-streams';
import type { Stream } from '@millrace/core/schema/stream';
import { connectKafka, openAdmin } from '@millrace/core/stream/connect-kafka';
import { createProducer, type LaneRecord } from '@millrace/core/stream/create-producer';
import { ensureTopics } from '@millrace/core/stream/ensure-topics';
import { openRegistry } from '@millrace/core/stream/open-registry';
import { createEncoder } from '@millrace/core/stream/wire-format';
import { schemasDir as shippedDir } from '@millrace/schemas/schemas-dir';
import { inject, onTestFinished } from 'vitest';

export type OwnStream = {
  readonly stream: Stream;
  /** A folder with this stream's schema alone. */
  readonly schemasDir: string;
  readonly kafka: ReturnType<typeof connectKafka>;
  readonly admin: Awaited<ReturnType<typeof openAdmin>>;
  encode(value: Value): Buffer;
  produce(records: readonly LaneRecord[]): Promise<void>;
};

const stack = inject('stack');
const log = createLog({ name: 'test', level: 'silent' });

/** A stream of runs, with more fields if given, under a name, topic and subject of its own, until the test ends. */
export async function ownStream(
  partitions: number,
  block: object = {},
  fields: readonly unknown[] = [],
): Promise<OwnStream> {
  const name = `runs-${randomBytes(4).toString('hex')}`;
  const schemasDir = await mkdtemp(join(tmpdir(), `${name}-`));
  const schema = JSON.parse(await readFile(join(shippedDir, 'fitness/running.avsc'), 'utf8'));
  schema.stream = { ...schema.stream, path: `/streams/${name}`, partitions, ...block };
  schema.fields.push(...fields);
  await writeFile(join(schemasDir, `${name}.avsc`), JSON.stringify(schema));
  const [stream] = await loadStreams(schemasDir);
  if (!stream) throw new Error('the schema was not found');

  const kafka = connectKafka({ brokers: stack.kafkaBrokers.split(','), clientId: 'test', log });
  const admin = await openAdmin(kafka);
  await ensureTopics(admin, [stream], 1);
  const encode = createEncoder(avscType(stream.avro), await openRegistry(stack.registryUrl).register(stream));
  const producer = await createProducer(kafka, { deadlineMs: 30_000, maxInFlightRecords: 1e6, maxInFlightBytes: 1e9 });
  onTestFinished(async () => {
    await producer.close();
    await admin.deleteTopics({ topics: [stream.topic, stream.deadLetterTopic] });
    await admin.close();
    await rm(schemasDir, { recursive: true });
  });
  return {
    ...{ stream, schemasDir, kafka, admin, encode },
    async produce(records) {
      await producer.produce(stream.topic, records);
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
