import { fillTopic } from '../analyzer/fill-topic.ts';
import { residentMegabytes } from '../analyzer/resident-megabytes.ts';
import { untilCounted } from '../analyzer/until-counted.ts';
import { untilReady } from '../analyzer/until-ready.ts';
import { withAnalyzer } from '../analyzer/with-analyzer.ts';
import type { BenchContext, RowResult } from '../row.ts';

const RECORDS = 1_000_000;
const TARGET_MS = 2_000;

/** An analyzer is killed with a million records stored, and starts again: until it is ready, which means caught up. */
export async function run(context: BenchContext): Promise<RowResult> {
  const topic = await fillTopic(context, RECORDS);
  try {
    return await withAnalyzer(context, topic, async ({ start }) => {
      const first = await start();
      await untilCounted(first.url, topic.stream.name, RECORDS);
      await first.kill();
      const from = performance.now();
      const second = await start();
      const listenMs = performance.now() - from;
      await untilReady(second.url);
      const readyMs = performance.now() - from;
      return {
        name: 'analyzer: warm restart at 1M records to ready',
        rawName: 'the time allowed',
        raw: TARGET_MS,
        ours: readyMs,
        unit: 'ms',
        bar: 1,
        better: 'lower',
        residentMegabytes: await residentMegabytes(second.pid),
        notes: [`after kill -9; listening after ${Math.round(listenMs)} ms, ready after ${Math.round(readyMs)} ms`],
      };
    });
  } finally {
    await topic.remove();
  }
}
