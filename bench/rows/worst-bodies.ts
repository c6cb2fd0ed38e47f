import { withWorld } from '../bench-world.ts';
import { benchRun } from '../receiver/bench-run.ts';
import { worstBodies } from '../receiver/worst-bodies.ts';
import type { BenchContext, RowResult } from '../row.ts';

const ALLOWED_MS = 50;
const ROUNDS = 3;
/** What the delay of a loop that is never held up is measured as: the interval of the timer that measures it. */
const TIMER_MS = 10;
/** Code that has run is compiled; what is measured is the steady state. */
const WARM_UP_POSTS = 2_000;

/** The longest that one request holds up all others: the worst bodies one after another, the least of some rounds of each. */
export function run(context: BenchContext): Promise<RowResult> {
  return withWorld(context, async (world) => {
    const receiver = await world.start('receiver');
    const url = `${receiver.url}${world.stream().path}`;
    const headers = { 'content-type': 'application/json' };
    for (let n = 0; n < WARM_UP_POSTS; n += 1) await post(url, headers, Buffer.from(JSON.stringify(benchRun(n))));
    const delays: { readonly name: string; readonly ms: number; readonly status: number }[] = [];
    for (const { name, headers, bytes } of worstBodies) {
      const rounds: number[] = [];
      let status = 0;
      for (let round = 0; round < ROUNDS; round += 1) {
        await longestDelay(receiver.url);
        status = await post(url, headers, bytes);
        rounds.push(await longestDelay(receiver.url));
      }
      delays.push({ name, ms: Math.min(...rounds), status });
    }
    const sorted = delays.toSorted((a, b) => b.ms - a.ms);
    return {
      name: 'the longest that one request holds up the receiver’s event loop, of the worst bodies of 5 MB',
      rawName: 'allowed',
      raw: ALLOWED_MS,
      ours: sorted[0]?.ms ?? 0,
      unit: 'ms',
      bar: 1,
      better: 'lower',
      notes: sorted.slice(0, 8).map(({ name, ms, status }) => `${name}: ${ms} ms, answered ${status}`),
    };
  });
}

async function post(url: string, headers: Readonly<Record<string, string>>, body: Uint8Array): Promise<number> {
  const response = await fetch(url, { method: 'POST', headers, body: Buffer.from(body) });
  await response.arrayBuffer();
  return response.status;
}

/** Since it was last asked. */
async function longestDelay(url: string): Promise<number> {
  const text = await (await fetch(`${url}/metrics`)).text();
  const seconds = Number(/^nodejs_eventloop_lag_max_seconds(?:\{[^}]*\})? (\S+)$/m.exec(text)?.[1] ?? 0);
  return Math.max(0, Math.round(seconds * 10_000) / 10 - TIMER_MS);
}
