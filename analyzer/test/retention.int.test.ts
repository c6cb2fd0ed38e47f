import { waitUntil } from '@millrace/testing/wait-until';
import { expect, it } from 'vitest';
import { ask, untilCounted } from './ask.ts';
import { ownAnalyzer } from './own-analyzer.ts';
import { type OwnStream, ownStream, run } from './own-stream.ts';

const ONE = '11111111-1111-4111-8111-111111111111';

/** Runs by turns in two partitions, one request each, so that they are appended in this order or at the same time. */
async function produceRuns({ produce, encode }: OwnStream, from: number, to: number, repeatAt = -1) {
  for (let n = from; n < to; n += 1) {
    const value = encode(run(n, n === 3 || n === repeatAt ? { event_id: ONE } : {}));
    await produce([{ partition: n % 2, key: null, value }]);
  }
}

const removeBefore = ({ admin, stream: { topic } }: OwnStream, offsets: readonly number[]) =>
  admin.deleteRecords(topic, new Map(offsets.map((offset, partition) => [partition, BigInt(offset)])));

async function untilGone(url: string, name: string, index: number): Promise<void> {
  await waitUntil(
    async () => {
      await ask(url, '/stats');
      return ask(url, `/${name}?index=${index}`);
    },
    ({ status }) => status === 410,
  );
}

/** Every answer by number up to `count`: the event as text, or the status and what it says. */
async function answers(url: string, name: string, count: number): Promise<unknown[]> {
  return Promise.all(
    Array.from({ length: count + 1 }, async (_, index) => {
      const response = await fetch(`${url}/${name}?index=${index}`);
      const text = await response.text();
      return response.status === 200 ? text : [response.status, JSON.parse(text).detail];
    }),
  );
}

it('gives the same numbers on a fresh analyzer when retention has removed the start of the topic', async () => {
  const own = await ownStream(2);
  const { name } = own.stream;
  const first = await (await ownAnalyzer(own)).start();
  await produceRuns(own, 0, 40, 30);
  await untilCounted(first.url, name, 39);
  await removeBefore(own, [8, 4]);
  await untilGone(first.url, name, 14);

  const later = await ownAnalyzer(own);
  const fresh = await later.start();
  await untilCounted(fresh.url, name, 39);
  const [lived, begun] = await Promise.all([first, fresh].map(({ url }) => answers(url, name, 39)));
  await fresh.kill();
  await produceRuns(own, 40, 50);
  const again = await later.start();
  for (const { url } of [first, again]) await untilCounted(url, name, 49);
  const [livedOn, goneOn] = await Promise.all([first, again].map(({ url }) => answers(url, name, 49)));

  expect(begun).toEqual(lived);
  expect(lived?.[14]).toEqual([410, `Retention has removed the events before 15 from ${name}.`]);
  expect(lived?.[15]).toContain('"duration":15,');
  expect(lived?.[30]).toContain('"duration":31,');
  expect(goneOn).toEqual(livedOn);
  expect(livedOn?.[48]).toContain('"duration":49,');
});

it('continues with the number that was published in time when nobody was there to see retention remove all', async () => {
  const own = await ownStream(2, { retention: '1h' });
  const { name } = own.stream;
  const first = await (await ownAnalyzer(own)).start();
  await produceRuns(own, 0, 20);
  await untilCounted(first.url, name, 20);
  await first.stop();
  await removeBefore(own, [10, 10]);
  await produceRuns(own, 20, 23);

  const fresh = await (await ownAnalyzer(own)).start();
  await untilCounted(fresh.url, name, 23);

  const all = await answers(fresh.url, name, 23);
  expect(all[19]).toEqual([410, `Retention has removed the events before 20 from ${name}.`]);
  expect(all[20]).toContain('"duration":20,');
  expect(all[22]).toContain('"duration":22,');
  expect((await ask(fresh.url, '/stats')).body).toMatchObject({ streams: { [name]: { count: 3 } } });
});

it('numbers from 0 what is left when no analyzer has been there before, and others go by that', async () => {
  const own = await ownStream(2, { retention: '1h' });
  const { name } = own.stream;
  await produceRuns(own, 0, 20);
  await removeBefore(own, [5, 3]);

  const first = await (await ownAnalyzer(own)).start();
  await untilCounted(first.url, name, 12);
  await first.stop();
  await removeBefore(own, [6, 6]);
  await produceRuns(own, 20, 24);
  const second = await (await ownAnalyzer(own)).start();
  await untilCounted(second.url, name, 16);

  const all = await answers(second.url, name, 16);
  expect(all[11]).toEqual([410, `Retention has removed the events before 12 from ${name}.`]);
  expect(all[12]).toContain('"duration":20,');
  expect(all[15]).toContain('"duration":23,');
});
