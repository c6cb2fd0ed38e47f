import { setTimeout as pause } from 'node:timers/promises';
import { benchRun } from '../receiver/bench-run.ts';

const POSTS_A_SECOND = 10;
const SECONDS = 30;
const WARM_UP = 4 * POSTS_A_SECOND;
/** Asking much more often would be the load that is measured. */
const POLL_MS = 20;

export type VisibleTimes = { readonly p50: number; readonly p95: number; readonly p99: number; readonly count: number };

/**
 * Posts events one by one at a steady rate, and asks for each until it is there: milliseconds from the moment a POST is sent
 * until the answer that has it. The first seconds don't count.
 * @param addressOf where an event is asked for by its event_id; 404 until it is visible
 */
export async function timeVisible(postUrl: string, addressOf: (eventId: string) => string): Promise<VisibleTimes> {
  const times: Promise<number>[] = [];
  const begin = performance.now();
  for (let n = 0; n < POSTS_A_SECOND * SECONDS; n += 1) {
    await pause(Math.max(0, begin + (n * 1_000) / POSTS_A_SECOND - performance.now()));
    const time = untilVisible(postUrl, addressOf, n);
    time.catch(() => undefined);
    times.push(time);
  }
  const counted = (await Promise.all(times)).slice(WARM_UP).sort((a, b) => a - b);
  const quantile = (share: number) => counted[Math.floor(counted.length * share)] ?? 0;
  return { p50: quantile(0.5), p95: quantile(0.95), p99: quantile(0.99), count: counted.length };
}

async function untilVisible(postUrl: string, addressOf: (eventId: string) => string, n: number): Promise<number> {
  const start = performance.now();
  const headers = { 'content-type': 'application/json' };
  const posted = await fetch(postUrl, { method: 'POST', headers, body: JSON.stringify(benchRun(n)) });
  const answer: { event_id: string } = JSON.parse(await posted.text());
  if (posted.status !== 201) throw new Error(`${postUrl} answered ${posted.status}`);
  for (;;) {
    const response = await fetch(addressOf(answer.event_id));
    await response.arrayBuffer();
    if (response.ok) return performance.now() - start;
    if (response.status !== 404) throw new Error(`${response.url} answered ${response.status}`);
    await pause(POLL_MS);
  }
}
