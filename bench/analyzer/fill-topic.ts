import { randomBytes, randomUUID } from 'node:crypto';
import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { avscType } from '@millrace/core/schema/avsc-type';
import { loadStreams } from '@millrace/core/schema/load-streams';
import type { Stream } from '@millrace/core/schema/stream';
import { connectKafka, openAdmin } from '@millrace/core/stream/connect-kafka';
import { createProducer } from '@millrace/core/stream/create-producer';
import { ensureTopics } from '@millrace/core/stream/ensure-topics';
import { openRegistry } from '@millrace/core/stream/open-registry';
import { createEncoder } from '@millrace/core/stream/wire-format';
import { schemasDir } from '@millrace/schemas/schemas-dir';
import type { BenchContext } from '../row.ts';

export type FilledTopic = {
  readonly stream: Stream;
  /** A folder with this stream's schema alone. */
  readonly schemasDir: string;
  remove(): Promise<void>;
};

const REQUEST_RECORDS = 3_000;
const USERS = 1_000;

/** A new topic with so many runs in it, over its three partitions, under the shipped schema of runs. */
export async function fillTopic({ kafkaBrokers, registryUrl, log }: BenchContext, count: number): Promise<FilledTopic> {
  const name = `bench-${randomBytes(4).toString('hex')}`;
  const dir = await mkdtemp(join(tmpdir(), `${name}-`));
  const schema = JSON.parse(await readFile(join(schemasDir, 'fitness/running.avsc'), 'utf8'));
  schema.stream = { ...schema.stream, path: `/streams/${name}` };
  await writeFile(join(dir, `${name}.avsc`), JSON.stringify(schema));
  const [stream] = await loadStreams(dir);
  if (!stream) throw new Error('the schema of the bench was not found');

  const kafka = connectKafka({ brokers: kafkaBrokers, clientId: 'bench', log });
  const admin = await openAdmin(kafka);
  await ensureTopics(admin, [stream], 1);
  const encode = createEncoder(avscType(stream.avro), await openRegistry(registryUrl).register(stream));
  const producer = await createProducer(kafka, { deadlineMs: 60_000, maxInFlightRecords: 1e6, maxInFlightBytes: 1e9 });
  const users = Array.from({ length: USERS }, () => randomUUID());
  for (let from = 0; from < count; from += REQUEST_RECORDS) {
    const size = Math.min(REQUEST_RECORDS, count - from);
    const records = Array.from({ length: size }, (_, i) => record(from + i));
    await producer.produce(stream.topic, records);
  }
  await producer.close();
  return {
    stream,
    schemasDir: dir,
    async remove() {
      await admin.deleteTopics({ topics: [stream.topic, stream.deadLetterTopic] });
      await admin.close();
      await rm(dir, { recursive: true });
    },
  };

  function record(sequence: number) {
    const user = users[(sequence * 7) % USERS] ?? '';
    const value = encode({
      user_id: user,
      duration: 600 + ((sequence * 37) % 6_000),
      distance: 2_000 + ((sequence * 53) % 20_000) / 3,
      timestamp: Date.now() - ((sequence * 7919) % 2_592_000_000),
      event_id: randomUUID(),
      trace_id: randomBytes(16).toString('hex'),
      source: 'bench',
      ingested_at: Date.now(),
    });
    return { partition: sequence % 3, key: Buffer.from(user), value };
  }
}
