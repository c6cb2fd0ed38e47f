import { randomFrom } from '@millrace/testing/random-from';
import { waitUntil } from '@millrace/testing/wait-until';
import { expect, it } from 'vitest';
import { z } from 'zod';
import { ask, untilCounted } from './ask.ts';
import { ownAnalyzer } from './own-analyzer.ts';
import { ownStream, run } from './own-stream.ts';

const PARTITIONS = 3;
const KEYS = 15;
const RECORDS = 600;
const user = (key: number) => `00000000-0000-4000-8000-${String(key).padStart(12, '0')}`;

const answer = z.object({ data: z.array(z.record(z.string(), z.unknown())) });

async function standing(url: string, name: string) {
  const measures = ['count', 'sum(duration)', 'count_distinct(user_id)', 'max(timestamp)'];
  const { body } = await ask(url, `/stats?stream=${name}&${measures.map((each) => `measure=${each}`).join('&')}`);
  return answer.parse(body).data[0];
}

async function untilStanding(url: string, name: string, count: number): Promise<void> {
  await waitUntil(
    () => standing(url, name),
    (now) => now?.count === count,
  );
}

it('counts the keys of an upsert stream as storage keeps them, through tombstones, old versions and a kill', async () => {
  const own = await ownStream(PARTITIONS, { store: 'upsert', key: 'user_id', version: 'timestamp' });
  const { name } = own.stream;
  const analyzer = await ownAnalyzer(own);
  const random = randomFrom(11);
  /** Key by key what a table with one row per key would hold: the newest version since the last tombstone. */
  const rows = new Map<number, { duration: number; timestamp: number }>();
  let events = 0;
  const record = (sequence: number) => {
    const key = random(KEYS);
    const place = { partition: key % PARTITIONS, key: Buffer.from(user(key)) };
    if (random(5) === 0) {
      rows.delete(key);
      return { ...place, value: null };
    }
    const timestamp = Date.UTC(2026, 0, 1 + random(20));
    if (timestamp >= (rows.get(key)?.timestamp ?? 0)) rows.set(key, { duration: sequence, timestamp });
    events += 1;
    return { ...place, value: own.encode(run(sequence, { user_id: user(key), timestamp })) };
  };
  const expected = () => {
    const left = [...rows.values()];
    return {
      count: left.length,
      'sum(duration)': left.reduce((sum, { duration }) => sum + duration, 0),
      'count_distinct(user_id)': left.length,
      'max(timestamp)': new Date(Math.max(...left.map(({ timestamp }) => timestamp))).toISOString(),
    };
  };

  const first = await analyzer.start();
  for (let sequence = 0; sequence < RECORDS / 2; sequence += 50)
    await own.produce(Array.from({ length: 50 }, (_, i) => record(sequence + i)));
  await untilCounted(first.url, name, events);
  await first.kill();
  for (let sequence = RECORDS / 2; sequence < RECORDS; sequence += 50)
    await own.produce(Array.from({ length: 50 }, (_, i) => record(sequence + i)));
  const [last = -1] = [...rows.keys()].filter((key) => key % PARTITIONS === 0);
  rows.delete(last);
  await own.produce([{ partition: PARTITIONS - 1, key: Buffer.from(user(last)), value: null }]);
  const second = await analyzer.start();
  const fresh = await (await ownAnalyzer(own)).start();
  for (const { url } of [second, fresh]) {
    await untilCounted(url, name, events);
    await untilStanding(url, name, rows.size);
  }

  expect(await standing(second.url, name)).toEqual(expected());
  expect(await standing(fresh.url, name)).toEqual(expected());
  expect((await ask(fresh.url, `/${name}?index=${events}`)).status).toBe(404);
  const again = run(9_999, { user_id: user(last), timestamp: Date.UTC(2025, 0, 1) });
  rows.set(last, { duration: 9_999, timestamp: Date.UTC(2025, 0, 1) });
  await own.produce([{ partition: 0, key: Buffer.from(user(last)), value: own.encode(again) }]);
  await untilStanding(fresh.url, name, rows.size);
  expect(await standing(fresh.url, name)).toEqual(expected());
});
