import { expect, it } from 'vitest';
import { untilCounted } from './ask.ts';
import { ownAnalyzer } from './own-analyzer.ts';
import { ownStream, run } from './own-stream.ts';

const RECORDS = 40;

it('can show a record within half a second of its acknowledgement', async () => {
  const own = await ownStream(3);
  const { name } = own.stream;
  const { url } = await (await ownAnalyzer(own)).start();
  const times: number[] = [];

  for (let i = 0; i < RECORDS; i += 1) {
    await own.produce([{ partition: i % 3, key: null, value: own.encode(run(i)) }]);
    const acknowledged = performance.now();
    await untilCounted(url, name, i + 1);
    times.push(performance.now() - acknowledged);
  }

  expect(Math.min(...times)).toBeLessThan(500);
});
