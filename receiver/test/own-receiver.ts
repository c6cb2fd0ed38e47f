import { randomBytes, randomUUID } from 'node:crypto';
import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createLog } from '@millrace/core/log/create-log';
import type { Fault } from '@millrace/core/problem/problem';
import { withResolvers } from '@millrace/core/promise/with-resolvers';
import type { Value } from '@millrace/core/schema/from-json';
import { loadStreams } from '@millrace/core/schema/load-streams';
import { connectKafka, openAdmin } from '@millrace/core/stream/connect-kafka';
import { type ConsumedRecord, consume } from '@millrace/core/stream/consume';
import { createDecoder } from '@millrace/core/stream/create-decoder';
import { openRegistry } from '@millrace/core/stream/open-registry';
import { topicOffsets } from '@millrace/core/stream/topic-offsets';
import { schemasDir as shippedDir } from '@millrace/schemas/schemas-dir';
import { type ReceiverSettings, startReceiver } from '../harness/start-receiver.ts';

export type Addresses = { readonly kafkaBrokers: string; readonly registryUrl: string };
export type Answer = { readonly status: number; readonly headers: Headers; readonly body: AnswerBody };

/** What any answer of the receiver may hold. */
export type AnswerBody = {
  readonly event_id: string;
  readonly trace_id: string;
  readonly topic: string;
  readonly partition: number;
  readonly offset: number;
  readonly code: string;
  readonly detail: string;
  readonly errors: readonly Fault[];
  readonly accepted: number;
  readonly rejected: number;
  readonly results: readonly (Pick<AnswerBody, 'event_id' | 'partition' | 'offset' | 'errors'> & {
    status: number;
    index: number;
  })[];
};

export type ReadRecord = Pick<ConsumedRecord, 'key' | 'headers' | 'offset'> & {
  readonly partition: number;
  readonly value: Value;
};

const log = createLog({ name: 'test', level: 'silent' });

/** A receiver of its own with one stream under a name nobody else has, and ways to post to it and to read its topic. */
export async function ownReceiver(
  at: Addresses,
  schema: object,
  settings: Pick<ReceiverSettings, 'env' | 'onLine'> = {},
) {
  const name = `posts-${randomBytes(4).toString('hex')}`;
  const schemasDir = await mkdtemp(join(tmpdir(), `${name}-`));
  const block = 'stream' in schema && typeof schema.stream === 'object' ? schema.stream : {};
  await writeFile(
    join(schemasDir, `${name}.avsc`),
    JSON.stringify({ ...schema, stream: { ...block, path: `/streams/${name}` } }),
  );
  const [stream] = await loadStreams(schemasDir);
  if (!stream) throw new Error('the schema was not found');
  const receiver = await startReceiver({ ...at, schemasDir, ...settings });
  const kafka = connectKafka({ brokers: at.kafkaBrokers.split(','), clientId: 'test', log });
  const admin = await openAdmin(kafka);
  const decode = createDecoder(openRegistry(at.registryUrl), stream);
  const url = `${receiver.url}${stream.path}`;

  return {
    stream,
    schemasDir,
    receiver,
    admin,
    url,

    /** Posts a body as it is, or a value as JSON. */
    async post(body: unknown, headers: Readonly<Record<string, string>> = {}): Promise<Answer> {
      const bytes = typeof body === 'string' || body instanceof Uint8Array ? body : JSON.stringify(body);
      const response = await fetch(url, {
        method: 'POST',
        headers: { 'content-type': 'application/json', ...headers },
        body: bytes,
      });
      return { status: response.status, headers: response.headers, body: JSON.parse(await response.text()) };
    },

    /** All that the topic holds now, ordered by partition and offset. */
    async read(): Promise<ReadRecord[]> {
      const offsets = await topicOffsets(admin, stream.topic);
      const count = offsets.reduce((sum, { lowOffset, logEndOffset }) => sum + Number(logEndOffset - lowOffset), 0);
      const records: ReadRecord[] = [];
      const { promise: finished, resolve: finish } = withResolvers();
      const consumption = await consume({
        ...{ kafka, admin, log, commitHints: false, groupId: `test-${randomUUID()}`, topics: [stream.topic] },
        checkpoint: async () => undefined,
        onBatch: async ({ partition, records: batch }) => {
          const decoded = await decode(batch.map(({ value }) => value));
          for (const [index, one] of decoded.entries()) {
            const record = batch[index];
            if (!record || 'fault' in one) throw new Error('fault' in one ? one.fault : 'a record is missing');
            records.push({ ...record, partition, value: { ...one.value } });
          }
          if (records.length >= count) finish();
        },
      });
      await Promise.race([finished, consumption.done]);
      await consumption.close();
      return records.sort((a, b) => a.partition - b.partition || Number(a.offset - b.offset));
    },

    async close(): Promise<void> {
      await receiver.stop();
      await admin.deleteTopics({ topics: [stream.topic, stream.deadLetterTopic] });
      await admin.close();
      await rm(schemasDir, { recursive: true, force: true });
    },
  };
}

export type OwnReceiver = Awaited<ReturnType<typeof ownReceiver>>;

export const runningSchema = async (): Promise<object> =>
  JSON.parse(await readFile(join(shippedDir, 'fitness/running.avsc'), 'utf8'));

/** A run as an app would post it. */
export const run = (given: object = {}) => ({
  user_id: randomUUID(),
  duration: 1805.5,
  distance: 5012.3,
  timestamp: '2026-03-14T08:32:10.250+01:00',
  ...given,
});
