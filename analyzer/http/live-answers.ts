import { setTimeout as sleep } from 'node:timers/promises';
import type { Route } from '@millrace/core/http/route-table';
import { Problem } from '@millrace/core/problem/problem';

type Response = Parameters<Route['handler']>[1];

type Followed = {
  /** Changes whenever the answer may have. */
  readonly version: () => string;
  readonly answer: () => Promise<unknown>;
};

export type LiveAnswers = {
  /** Sends the answer now, and again as it changes, as Server-Sent Events named `stats`. */
  follow(res: Response, followed: Followed): void;
  close(): void;
};

const PERIOD_MS = 1_000;
/** So that proxies between us and a page don't take a quiet connection for a dead one. */
const QUIET_PERIODS = 15;
const MOST_FOLLOWERS = 100;

/**
 * Answers that stay open. Each is looked at once a second; nothing is computed for what has not changed, nor for a page that has not
 * taken the answer before: it misses some, and memory stays flat.
 */
export function createLiveAnswers(): LiveAnswers {
  const followers = new Set<Response>();

  return {
    follow(res, followed) {
      if (followers.size >= MOST_FOLLOWERS)
        throw new Problem('saturated', `${MOST_FOLLOWERS} pages follow already`, { headers: { 'retry-after': '10' } });
      followers.add(res);
      res.once('close', () => followers.delete(res));
      res.set({ 'content-type': 'text/event-stream', 'cache-control': 'no-store' }).flushHeaders();
      send(res, followed).catch((error: unknown) => res.destroy(error instanceof Error ? error : undefined));
    },
    close() {
      for (const res of followers) res.end();
      followers.clear();
    },
  };

  async function send(res: Response, { version, answer }: Followed) {
    let sent = '';
    for (let quiet = 0; followers.has(res); quiet += 1) {
      const current = version();
      if (res.writableNeedDrain) quiet = 0;
      else if (current !== sent) {
        const body = JSON.stringify(await answer());
        if (!followers.has(res)) return;
        res.write(`event: stats\ndata: ${body}\n\n`);
        sent = current;
        quiet = 0;
      } else if (quiet >= QUIET_PERIODS) {
        res.write(': still here\n\n');
        quiet = 0;
      }
      await sleep(PERIOD_MS);
    }
  }
}
