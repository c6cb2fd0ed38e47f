import type { Request, Response } from '@millrace/core/http/route-table';
import { Problem } from '@millrace/core/problem/problem';
import { problemOf } from '@millrace/core/problem/problem-of';
import { stringify } from 'lossless-json';
import { createWake } from '../order/wake.ts';

type Followed = {
  /** Changes whenever the answer may have. */
  version(): string;
  answer(): Promise<unknown>;
};

export type LiveAnswers = {
  /** Sends the answer now, and again as it changes, as Server-Sent Events named `stats`. HEAD gets the headers alone. */
  follow(req: Request, res: Response): void;
  close(): void;
};

/** The version that a page was sent last, and when anything was. */
type Follower = { sent: string | undefined; writtenAt: number };
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
  let latest: Sent | undefined;
  let isRunning = false;

  return {
    follow(req, res) {
      if (followers.size >= MOST_FOLLOWERS)
        throw new Problem('saturated', `${MOST_FOLLOWERS} pages follow already.`, { headers: { 'retry-after': '10' } });
      res.set({ 'content-type': 'text/event-stream', 'cache-control': 'no-store' });
      if (req.method === 'HEAD') {
        res.end();
        return;
      }
      res.once('close', () => followers.delete(res));
      res.flushHeaders();
      followers.set(res, { sent: undefined, writtenAt: performance.now() });
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
  }

  async function sendChanges(): Promise<void> {
    const current = version();
    if (behind(current).length > 0 && latest?.version !== current)
      latest = { version: current, event: `event: stats\ndata: ${stringify(await answer())}\n\n` };
    if (latest) for (const res of behind(latest.version)) send(res, latest);
    keepAlive();
  }

  /** The pages that are to be sent this version, and can take it. */
  function behind(current: string): Response[] {
    return [...followers].flatMap(([res, { sent }]) => (sent === current || res.writableNeedDrain ? [] : [res]));
  }

  function send(res: Response, { version: sent, event }: Sent): void {
    res.write(event);
    followers.set(res, { sent, writtenAt: performance.now() });
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
