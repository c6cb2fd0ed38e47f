import { waitUntil } from '@millrace/testing/wait-until';
import { expect, it } from 'vitest';
import { z } from 'zod';
import { ask, placedEvents, untilCounted, wholeHistory } from './ask.ts';
import { clockAhead } from './clock-ahead.ts';
import { openTransaction } from './open-transaction.ts';
import { ownAnalyzer } from './own-analyzer.ts';
import { ownStream, run } from './own-stream.ts';

const AHEAD_MS = 600_000;
const freshness = z.object({ as_of: z.iso.datetime() });

it('appends and counts what comes too late, and renumbers nothing; a rebuild puts it where it belongs', async () => {
  const own = await ownStream(2);
  const { name } = own.stream;
  const message = (sequence: number, partition: number) => ({ partition, key: null, value: own.encode(run(sequence)) });
  const { url } = await (await ownAnalyzer(own)).start(clockAhead(AHEAD_MS));
  for (const at of [0, 1]) {
    await own.produce([message(at, at)]);
    await untilCounted(url, name, at + 1);
  }
  await waitUntil(
    async () => freshness.parse((await ask(url, '/stats')).body),
    ({ as_of }) => Date.parse(as_of) > Date.now() + AHEAD_MS / 2,
  );

  const hidden = await openTransaction(own, [message(2, 1)]);
  await own.produce([message(3, 0)]);
  await untilCounted(url, name, 3);
  const before = placedEvents(await wholeHistory(url, name, 3));
  await hidden.commit();
  await untilCounted(url, name, 4);
  const after = placedEvents(await wholeHistory(url, name, 4));
  const metrics = await (await fetch(`${url}/metrics`)).text();
  const rebuilt = await (await ownAnalyzer(own)).start();
  await untilCounted(rebuilt.url, name, 4);

  expect(after.slice(0, 3)).toEqual(before);
  expect(after.slice(2).map(({ duration }) => duration)).toEqual([3, 2]);
  expect(after[3]?.position.appended_at.localeCompare(after[2]?.position.appended_at ?? '')).toBeLessThan(0);
  expect(/records_total\{[^}]*outcome="late"[^}]*\} (\d+)/.exec(metrics)?.[1]).toBe('1');
  expect((await ask(rebuilt.url, `/${name}?index=2`)).body).toMatchObject({ duration: 2 });
});
