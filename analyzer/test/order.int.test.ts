import { rm } from 'node:fs/promises';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { randomFrom } from '@millrace/testing/random-from';
import type { RunningService } from '@millrace/testing/start-service';
import { expect, it } from 'vitest';
import { placedEvents, untilCounted, wholeHistory } from './ask.ts';
import { clockAhead } from './clock-ahead.ts';
import { ownAnalyzer } from './own-analyzer.ts';
import { type OwnStream, ownStream, run } from './own-stream.ts';
import { readLog } from './read-log.ts';

const PARTITIONS = 6;
const RECORDS = 200_000;
const KILLS = 10;
const BATCH = 500;
const DAY = 86_400_000;

it('gives every index the same answer on every replica, through ten kills, a day later, and after a rebuild', async () => {
  const own = await ownStream(PARTITIONS);
  const { stream } = own;
  const steady = await (await ownAnalyzer(own)).start();
  const killed = await ownAnalyzer(own);
  const load = writeLoad(own);
  const random = randomFrom(1);
  const said: unknown[] = [];

  for (let kills = 0; kills < KILLS; kills += 1) {
    const analyzer = await killed.start();
    await untilCounted(analyzer.url, stream.name, Math.floor(((kills + 1) * RECORDS) / (KILLS + 2)));
    await sleep(random(200));
    await analyzer.kill();
    said.push(...analyzer.lines.map(({ msg }) => msg));
  }
  await load;
  const survivor = await killed.start();
  const first = await historyOf(steady, stream.name);
  const afterKills = await historyOf(survivor, stream.name);
  await survivor.stop();
  await rm(join(killed.dataDir, 'analyzer'), { recursive: true });
  const rebuilt = await historyOf(await killed.start(), stream.name);
  const dayLater = await historyOf(await (await ownAnalyzer(own)).start(clockAhead(DAY)), stream.name);
  const log = await readLog(own, RECORDS);
  const ends = await own.admin.fetchOffsets(stream.topic);

  expect(said).not.toContainEqual(expect.stringContaining('rebuilding from Kafka'));
  expect(afterKills).toEqual(first);
  expect(rebuilt).toEqual(first);
  expect(dayLater).toEqual(first);
  const events = placedEvents(first);
  expect(
    events.map(({ position, event_id }) => [position.index, position.partition, position.offset, event_id]),
  ).toEqual(log.map(({ partition, offset, eventId }, index) => [index, partition, offset, eventId]));
  expect(ends).toHaveLength(PARTITIONS);
  expect(ends.reduce((sum, { logEndOffset }) => sum + Number(logEndOffset), 0)).toBeGreaterThan(RECORDS);
}, 900_000);

/** All of it, byte by byte. */
async function historyOf({ url }: RunningService, name: string): Promise<string[]> {
  await untilCounted(url, name, RECORDS);
  return wholeHistory(url, name, RECORDS);
}

const TRANSACTION_MS = 60_000;

/** Plain batches with pauses between, and every tenth a transaction over two partitions; every second of those is aborted. */
async function writeLoad({ kafka, stream, produce, encode }: OwnStream) {
  const random = randomFrom(7);
  const transactional = await kafka.openTransactionalProducer(stream.topic, TRANSACTION_MS);
  const messages = (from: number, partition: number) =>
    Array.from({ length: BATCH }, (_, i) => ({ partition, key: null, value: encode(run(from + i)) }));
  let batches = 0;
  for (let written = 0; written < RECORDS; batches += 1) {
    if (batches % 10 !== 9) {
      await Promise.all(
        [0, 1, 2].map((n) =>
          written + n * BATCH < RECORDS ? produce(messages(written + n * BATCH, random(PARTITIONS))) : undefined,
        ),
      );
      written = Math.min(RECORDS, written + 3 * BATCH);
      if (random(4) === 0) await sleep(random(40));
      continue;
    }
    const aborted = batches % 20 === 19;
    const transaction = await transactional.begin();
    const size = Math.min(2, (RECORDS - written) / BATCH);
    for (let n = 0; n < size; n += 1)
      await transaction.send(stream.topic, messages(written + n * BATCH, random(PARTITIONS)));
    if (aborted) await transaction.abort();
    else await transaction.commit();
    if (!aborted) written += size * BATCH;
  }
  await transactional.close();
}
