import { extname, join } from 'node:path';
import { startService } from '@millrace/testing/start-service';
import { withWorld } from '../bench-world.ts';
import { watchProcess } from '../measure/watch-process.ts';
import { benchRun } from '../receiver/bench-run.ts';
import type { Load } from '../receiver/load.ts';
import { loadOf, loadTool } from '../receiver/load-of.ts';
import { medianLoad } from '../receiver/median-load.ts';
import type { BenchContext, RowResult } from '../row.ts';

const CONNECTIONS = 64;
/** A broker that has just started runs interpreted code; what is measured is the steady state. */
const WARM_UP_SECONDS = 15;
const SECONDS = 4;
const ROUNDS = 3;

/** One record a request through the receiver; beside it, a handler that only parses the same JSON. Rounds alternate. */
export function run(context: BenchContext): Promise<RowResult> {
  return withWorld(context, async (world) => {
    const bare = await startService(
      join(import.meta.dirname, `../receiver/bare-server${extname(import.meta.filename)}`),
      {},
    );
    const receiver = await world.start('receiver');
    const bodies = Array.from({ length: 500 }, (_, n) => JSON.stringify(benchRun(n)));
    const load = (url: string, seconds: number) =>
      loadOf({ url: `${url}${world.stream().path}`, connections: CONNECTIONS, seconds, bodies });
    try {
      await load(bare.url, 1);
      await load(receiver.url, WARM_UP_SECONDS);
      const watch = watchProcess(receiver.url);
      const raw: Load[] = [];
      const ours: Load[] = [];
      for (let round = 0; round < ROUNDS; round += 1) {
        raw.push(await load(bare.url, SECONDS));
        ours.push(await load(receiver.url, SECONDS));
      }
      const { residentMegabytes, loopDelayP99Ms } = watch.peaks();
      const typical = medianLoad(ours);
      return {
        name: `single POST through the receiver, acks=all, ${CONNECTIONS} connections`,
        rawName: 'bare node:http handler parsing the same JSON',
        raw: medianLoad(raw).perSecond,
        ours: typical.perSecond,
        unit: 'requests/s',
        bar: 0.45,
        residentMegabytes,
        loopDelayP99Ms,
        notes: [
          `ours p50 ${typical.p50} ms, p99 ${typical.p99} ms; the bare handler p99 ${medianLoad(raw).p99} ms`,
          `the load comes from ${loadTool}, on the same cores`,
        ],
      };
    } finally {
      await bare.stop();
    }
  });
}
