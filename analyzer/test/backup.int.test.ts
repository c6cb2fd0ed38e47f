import { appendFile, mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createProducer } from '@millrace/core/stream/create-producer';
import { openRegistry } from '@millrace/core/stream/open-registry';
import { waitUntil } from '@millrace/testing/wait-until';
import { expect, inject, it, onTestFinished } from 'vitest';
import { backup } from '../backup/backup.ts';
import { restore } from '../backup/restore.ts';
import { placedEvents, untilCounted, wholeHistory } from './ask.ts';
import { ownAnalyzer } from './own-analyzer.ts';
import { type OwnStream, ownStream, run } from './own-stream.ts';

const RECORDS = 5_000;
const say = () => undefined;

it('brings a history back, event by event and in its order, from what was backed up', async () => {
  const own = await ownStream(3);
  const { stream } = own;
  const dir = await folder();
  const first = await (await ownAnalyzer(own)).start();
  for (let from = 0; from < RECORDS; from += 500)
    await own.produce(
      Array.from({ length: 500 }, (_, i) => ({
        partition: (from + i) % 3,
        key: null,
        value: own.encode(run(from + i)),
      })),
    );
  await untilCounted(first.url, stream.name, RECORDS);
  const before = placedEvents(await wholeHistory(first.url, stream.name, RECORDS));
  const manifest = await backup({ url: first.url, streams: [stream], dir, say });
  await first.stop();
  await emptied(own);

  await restore({ ...(await restoring(own)), dir });
  const second = await (await ownAnalyzer(own)).start();
  await untilCounted(second.url, stream.name, RECORDS);
  const after = placedEvents(await wholeHistory(second.url, stream.name, RECORDS));

  expect(manifest.streams).toMatchObject([{ name: stream.name, rows: RECORDS }]);
  const withoutTimes = (events: typeof before) =>
    events.map(({ position: { partition }, ...event }) => ({ ...event, partition }));
  const byPartition = (events: typeof before) =>
    [0, 1, 2].map((n) => withoutTimes(events).filter(({ partition }) => partition === n));
  expect(byPartition(after)).toEqual(byPartition(before));
});

it('refuses a file that is not as it was backed up, and topics that hold something', async () => {
  const own = await ownStream(1);
  const { stream } = own;
  const dir = await folder();
  const { url } = await (await ownAnalyzer(own)).start();
  await own.produce([{ partition: 0, key: null, value: own.encode(run(1)) }]);
  await untilCounted(url, stream.name, 1);
  await backup({ url, streams: [stream], dir, say });
  const options = { ...(await restoring(own)), dir };

  await expect(restore(options)).rejects.toThrow(`the topic ${stream.topic} is not empty`);
  await appendFile(join(dir, `${stream.name}.parquet`), 'x');
  await expect(restore(options)).rejects.toThrow('SHA-256 differs');
});

async function folder(): Promise<string> {
  const dir = await mkdtemp(join(tmpdir(), 'backup-'));
  onTestFinished(() => rm(dir, { recursive: true }));
  return dir;
}

async function restoring({ stream, admin, kafka }: OwnStream) {
  const { registryUrl } = inject('stack');
  const producer = await createProducer(kafka, { deadlineMs: 30_000, maxInFlightRecords: 1e5, maxInFlightBytes: 1e8 });
  onTestFinished(() => producer.close());
  return { streams: [stream], admin, registry: openRegistry(registryUrl), producer, replicationFactor: 1, say };
}

/** Deleting a topic is only announced at first. */
async function emptied({ admin, stream: { topic } }: OwnStream): Promise<void> {
  await admin.deleteTopics([topic]);
  await waitUntil(
    () => admin.listTopics(),
    (topics) => !topics.includes(topic),
  );
}
