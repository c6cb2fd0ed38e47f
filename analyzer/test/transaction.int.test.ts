import { setTimeout as sleep } from 'node:timers/promises';
import { expect, it } from 'vitest';
import { ask, placedEvents, untilCounted, wholeHistory } from './ask.ts';
import { openTransaction } from './open-transaction.ts';
import { ownAnalyzer } from './own-analyzer.ts';
import { ownStream, run } from './own-stream.ts';

it('waits for an open transaction rather than number what was appended after it', async () => {
  const own = await ownStream(2);
  const { name } = own.stream;
  const { url } = await (await ownAnalyzer(own)).start();
  const message = (sequence: number, partition: number) => ({ partition, key: null, value: own.encode(run(sequence)) });
  await own.produce([message(0, 0)]);
  await own.produce([message(1, 1)]);
  await untilCounted(url, name, 2);

  const transaction = await openTransaction(own, [message(2, 0)]);
  await own.produce([message(3, 1)]);
  const seen: number[] = [];
  for (let times = 0; times < 20; times += 1) {
    seen.push((await ask(url, `/${name}?index=2`)).status);
    await sleep(50);
  }
  await transaction.commit();
  await untilCounted(url, name, 4);

  expect(new Set(seen)).toEqual(new Set([404]));
  const events = placedEvents(await wholeHistory(url, name, 4));
  expect(events.map(({ duration }) => duration)).toEqual([0, 1, 2, 3]);
});
