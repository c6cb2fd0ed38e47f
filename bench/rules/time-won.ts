import { randomUUID } from 'node:crypto';
import { setTimeout as pause } from 'node:timers/promises';
import type { Stream } from '@millrace/core/schema/stream';
import { consume } from '@millrace/core/stream/consume';
import { createDecoder } from '@millrace/core/stream/create-decoder';
import type { BenchWorld } from '../bench-world.ts';
import { benchRun } from '../receiver/bench-run.ts';

const POSTS_A_SECOND = 10;
const SECONDS = 30;
const WARM_UP = 4 * POSTS_A_SECOND;
const WITHIN_MS = 30_000;

export type WonTimes = { readonly p50: number; readonly p95: number; readonly p99: number; readonly count: number };

/** Posts runs at a steady rate, each of which wins: milliseconds from a POST sent until a consumer of won events has its win. */
export async function timeWon(
  { kafka, admin, registry, log }: BenchWorld,
  won: Stream,
  postUrl: string,
): Promise<WonTimes> {
  const decode = createDecoder(registry, won);
  const seenAt = new Map<string, number>();
  const consumption = await consume({
    ...{ kafka, admin, log, commitHints: false, groupId: `bench-${randomUUID()}`, topics: [won.topic] },
    checkpoint: async () => undefined,
    async onBatch({ records }) {
      const now = performance.now();
      for (const one of await decode(records.map(({ value }) => value)))
        if ('value' in one) seenAt.set(String(one.value.cause), now);
    },
  });
  const posts: Promise<{ readonly eventId: string; readonly sentAt: number }>[] = [];
  const begin = performance.now();
  for (let n = 0; n < POSTS_A_SECOND * SECONDS; n += 1) {
    await pause(Math.max(0, begin + (n * 1_000) / POSTS_A_SECOND - performance.now()));
    posts.push(post(postUrl, n));
  }
  const sent = await Promise.all(posts);
  const deadline = performance.now() + WITHIN_MS;
  while (sent.some(({ eventId }) => !seenAt.has(eventId))) {
    if (performance.now() > deadline) throw new Error('some of the runs have won nothing');
    await pause(50);
  }
  await consumption.close();
  const times = sent.slice(WARM_UP).map(({ eventId, sentAt }) => (seenAt.get(eventId) ?? 0) - sentAt);
  times.sort((a, b) => a - b);
  const quantile = (share: number) => times[Math.floor(times.length * share)] ?? 0;
  return { p50: quantile(0.5), p95: quantile(0.95), p99: quantile(0.99), count: times.length };
}

async function post(url: string, n: number): Promise<{ readonly eventId: string; readonly sentAt: number }> {
  const sentAt = performance.now();
  const headers = { 'content-type': 'application/json' };
  const response = await fetch(url, { method: 'POST', headers, body: JSON.stringify(benchRun(n)) });
  const answer: { event_id: string } = JSON.parse(await response.text());
  if (response.status !== 201) throw new Error(`${url} answered ${response.status}`);
  return { eventId: answer.event_id, sentAt };
}
