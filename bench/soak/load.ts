import { setTimeout as pause } from 'node:timers/promises';
import type { Stream } from '@millrace/core/schema/stream';
import type { serviceNames } from '@millrace/core/services/services';
import { benchRun } from '../receiver/bench-run.ts';

export type Urls = Readonly<Record<(typeof serviceNames)[number], string>>;

const SINGLES = 20;
const BATCH = 5;
const ROUNDS_A_SECOND = 5;
const READ_EVERY = 5;

/**
 * Small batches at a steady rate, and a question to every service each second, until the signal is aborted: about 125 events
 * a second. A client of `/stats/live` comes and goes. Answers how many events were posted; throws on an answer that is no success.
 */
export async function loadGently(urls: Urls, { path, name }: Stream, signal: AbortSignal): Promise<number> {
  const post = (body: unknown) =>
    expectOk(`${urls.receiver}${path}`, {
      method: 'POST',
      headers: { 'content-type': 'application/json' },
      body: JSON.stringify(body),
    });
  let posted = 0;
  const begin = performance.now();
  for (let round = 0; !signal.aborted; round += 1) {
    await pause(Math.max(0, begin + (round * 1_000) / ROUNDS_A_SECOND - performance.now()));
    const runs = Array.from({ length: BATCH }, (_, n) => benchRun(posted + SINGLES + n));
    await Promise.all([...Array.from({ length: SINGLES }, (_, n) => post(benchRun(posted + n))), post(runs)]);
    posted += SINGLES + BATCH;
    if (round % READ_EVERY === 0) await read(posted);
  }
  return posted;

  async function read(count: number) {
    const live = new AbortController();
    await Promise.all([
      expectOk(`${urls.storage}${path}?limit=20&order=desc`),
      expectOk(`${urls.analyzer}/${name}?from_index=-5&limit=5`),
      expectOk(`${urls.analyzer}/stats?stream=${name}&measure=sum(distance)&limit=5`),
      fetch(`${urls.analyzer}/stats/live`, { signal: live.signal }).then((response) => response.body?.cancel()),
      ...Object.values(urls).flatMap((url) => [expectOk(`${url}/metrics`), expectOk(`${url}/healthz`)]),
      expectRefused(`${urls.receiver}${path}`, count),
    ]);
    live.abort();
  }
}

/** Not there yet, overloaded and out of time are answers of a service that is well. */
const WELL: ReadonlySet<number> = new Set([404, 503, 504]);

async function expectOk(url: string, init?: RequestInit): Promise<void> {
  const response = await fetch(url, init);
  const text = await response.text();
  if (!response.ok && !WELL.has(response.status)) throw new Error(`${url} answered ${response.status}: ${text}`);
}

/** Faults take other ways through a service than success does. */
async function expectRefused(url: string, n: number): Promise<void> {
  const body = JSON.stringify({ ...benchRun(n), duration: -1 });
  const response = await fetch(url, { method: 'POST', headers: { 'content-type': 'application/json' }, body });
  await response.arrayBuffer();
  if (response.status !== 400) throw new Error(`${url} took a negative duration with ${response.status}`);
}
