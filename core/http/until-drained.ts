import type { ServerResponse } from 'node:http';

/** Resolves when a response that was written to faster than it is read takes more, or is over. */
export function untilDrained(res: ServerResponse): Promise<void> {
  if (res.closed) return Promise.resolve();
  return new Promise((resolve) => {
    const done = () => {
      res.off('drain', done).off('close', done);
      resolve();
    };
    res.on('drain', done).on('close', done);
  });
}
