import type { Request, Response } from '@millrace/core/http/route-table';
import { createWake } from '@millrace/core/order/wake';
import { Problem } from '@millrace/core/problem/problem';
import { problemOf } from '@millrace/core/problem/problem-of';
import type { Stream } from '@millrace/core/schema/stream';
import { stringify } from 'lossless-json';

type Followed = {
  /** Changes whenever the answer may have. */
  version(): string;
  /** @param about the streams that the answer is about, all of them by default */
  answer(about: readonly Stream[] | undefined): Promise<unknown>;
};

export type LiveAnswers = {
  /** Sends the answer now, and again as it changes, as Server-Sent Events named `stats`. HEAD gets the headers alone. */
  follow(req: Request, res: Response, about?: readonly Stream[]): void;
  close(): void;
};

/** The version that a page was sent last, and when anything was. */
type Follower = { readonly about: About; sent: string | undefined; writtenAt: number };
/** Pages that are about the same streams share an answer, by `key`. */
type About = { readonly key: string; readonly streams: readonly Stream[] | undefined };
type Sent = { readonly version: string; readonly event: string };

const PERIOD_MS = 1_000;
/** Proxies between us and a page close a connection that is quiet for long. */
const QUIET_MS = 15_000;
const MOST_FOLLOWERS = 100;

/**
 * One answer that stays open for many pages. It is computed once for all of them, only when it has changed since the second before or
 * a page has come, and only while there is a page that has taken what it was sent before: a slow page misses some, and memory
 * stays flat.
 */
export function createLiveAnswers({ version, answer }: Followed): LiveAnswers {
  const followers = new Map<Response, Follower>();
  const wake = createWake();
  const latest = new Map<string, Sent>();
  let isRunning = false;

  return {
    follow(req, res, streams) {
      if (followers.size >= MOST_FOLLOWERS)
        throw new Problem('saturated', `${MOST_FOLLOWERS} pages follow already.`, { headers: { 'retry-after': '10' } });
      res.set({ 'content-type': 'text/event-stream', 'cache-control': 'no-store' });
      if (req.method === 'HEAD') {
        res.end();
        return;
      }
      res.once('close', () => followers.delete(res));
      res.flushHeaders();
      const about = { key: streams?.map(({ name }) => name).join(' ') ?? '', streams };
      followers.set(res, { about, sent: undefined, writtenAt: performance.now() });
      wake.notify();
      if (!isRunning) void run();
    },
    close() {
      for (const res of followers.keys()) res.end();
      followers.clear();
      wake.notify();
    },
  };

  async function run(): Promise<void> {
    isRunning = true;
    while (followers.size > 0) {
      await sendChanges().catch(endUnlessRetriable);
      await wake.wait(PERIOD_MS);
    }
    isRunning = false;
    latest.clear();
  }

  async function sendChanges(): Promise<void> {
    const current = version();
    const abouts = new Map(behind(() => current).map(({ about }) => [about.key, about]));
    for (const { key, streams } of abouts.values())
      if (latest.get(key)?.version !== current)
        latest.set(key, { version: current, event: `event: stats\ndata: ${stringify(await answer(streams))}\n\n` });
    for (const { res, about } of behind(({ key }) => latest.get(key)?.version)) send(res, about);
    keepAlive();
  }

  /** The pages that were not sent the version that is meant for them, and can take it. */
  function behind(versionFor: (about: About) => string | undefined) {
    return [...followers].flatMap(([res, { about, sent }]) =>
      sent === versionFor(about) || res.writableNeedDrain ? [] : [{ res, about }],
    );
  }

  function send(res: Response, about: About): void {
    const { version: sent, event } = latest.get(about.key) ?? {};
    if (event === undefined) return;
    res.write(event);
    followers.set(res, { about, sent, writtenAt: performance.now() });
  }

  function keepAlive(): void {
    const now = performance.now();
    for (const [res, follower] of followers) {
      if (now - follower.writtenAt < QUIET_MS || res.writableNeedDrain) continue;
      res.write(': still here\n\n');
      follower.writtenAt = now;
    }
  }

  /** What took too long is tried again in the next period; of anything else the pages learn by the end of the connection. */
  function endUnlessRetriable(error: unknown): void {
    const { retriable, code } = problemOf(error);
    if (retriable || code === 'query-timeout') return;
    for (const res of followers.keys()) res.destroy(error instanceof Error ? error : undefined);
  }
}
