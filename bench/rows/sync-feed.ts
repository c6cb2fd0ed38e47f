import { z } from 'zod';
import { residentMegabytes } from '../measure/resident-megabytes.ts';
import { runProgram } from '../measure/run-program.ts';
import { watchProcess } from '../measure/watch-process.ts';
import type { BenchContext, RowResult } from '../row.ts';
import { largeFeed } from '../sync/large-feed.ts';
import { runSync } from '../sync/run-sync.ts';
import { serveFeeds } from '../sync/serve-feeds.ts';
import { watchMemory } from '../sync/watch-memory.ts';
import { withListings } from '../sync/with-listings.ts';

const MEGABYTE = 1_000_000;
const WHOLE = 500;
/** Enough for a steady rate. */
const PART = 100;
const ROUNDS = 3;

const parsed = z.object({ ms: z.number() });
const read = parsed.extend({ heldMs: z.number() });

/** A feed of 500 MB through sync-connectors to Kafka: what memory that takes. Beside it, how fast the connector reads, against a bare parser. */
export async function run(context: BenchContext): Promise<readonly RowResult[]> {
  const feeds = await serveFeeds([WHOLE, PART].map((size) => () => largeFeed(size * MEGABYTE)));
  const [whole = '', part = ''] = feeds.urls;
  try {
    const bare: number[] = [];
    const ours: number[] = [];
    const held: number[] = [];
    for (let round = 0; round < ROUNDS; round += 1) {
      bare.push(parsed.parse(await runProgram('sync/bare-parse', [part])).ms);
      const { ms, heldMs } = read.parse(await runProgram('sync/read-feed', [part]));
      ours.push(ms);
      held.push(heldMs);
    }
    return await withListings(context, [whole], async (world) => {
      const sync = await world.start('sync-connectors');
      const before = await residentMegabytes(sync.pid);
      const watch = watchProcess(sync.url);
      const memory = watchMemory(sync.pid);
      const { ms, emitted } = await runSync(sync.url);
      const { peak, quarters } = memory.end();
      const { loopDelayP99Ms } = watch.peaks();
      return [
        {
          name: `listings: reading a feed, by rules, ${PART} MB`,
          rawName: 'fetch and saxes alone',
          raw: rateOf(median(bare)),
          ours: rateOf(median(ours)),
          unit: 'MB/s',
          bar: 0.4,
          notes: [
            'the connector without the frame: what is read is not compared and not written',
            `the longest that it held the event loop: ${median(held).toFixed(0)} ms`,
          ],
        },
        {
          name: `sync: memory while a feed of ${WHOLE} MB is written to Kafka, peak`,
          rawName: 'the service before',
          raw: before,
          ours: peak,
          unit: 'MB',
          bar: 2.5,
          better: 'lower',
          residentMegabytes: peak,
          loopDelayP99Ms,
          notes: [
            `${emitted} listings of 8 plans and 32 zones, in ${(ms / 1_000).toFixed(1)} s: ${((WHOLE * 1_000) / ms).toFixed(1)} MB/s`,
            `the most in each quarter of that time: ${quarters.join(', ')} MB`,
          ],
        },
      ];
    });
  } finally {
    feeds.close();
  }
}

const rateOf = (ms: number): number => PART / (ms / 1_000);

const median = (values: readonly number[]): number =>
  values.toSorted((a, b) => a - b)[Math.floor(values.length / 2)] ?? Number.NaN;
