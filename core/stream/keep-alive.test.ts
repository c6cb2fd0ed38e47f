import { getEventListeners } from 'node:events';
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { withResolvers } from '../promise/with-resolvers.ts';
import { keepAlive } from './keep-alive.ts';

const HEARTBEAT_MS = 1_000;

describe('keepAlive', () => {
  beforeEach(() => void vi.useFakeTimers());
  afterEach(() => void vi.useRealTimers());

  it('heartbeats while the work lasts, and once when it is done', async () => {
    const heartbeat = vi.fn(async () => undefined);
    const work = withResolvers();

    const running = keepAlive(heartbeat, new AbortController().signal, () => work.promise);
    await vi.advanceTimersByTimeAsync(3 * HEARTBEAT_MS);
    const during = heartbeat.mock.calls.length;
    work.resolve();
    await running;

    expect([during, heartbeat.mock.calls.length]).toEqual([3, 4]);
  });

  it('aborts the work when the group has moved on, and throws what the heartbeat threw', async () => {
    const moved = new Error('rebalancing');
    const aborted = withResolvers<unknown>();

    const running = keepAlive(
      () => Promise.reject(moved),
      new AbortController().signal,
      (signal) =>
        new Promise((_, reject) => {
          signal.addEventListener('abort', () => {
            aborted.resolve(signal.reason);
            reject(new Error('given up'));
          });
        }),
    );
    running.catch(() => undefined);
    await vi.advanceTimersByTimeAsync(HEARTBEAT_MS);

    await expect(running).rejects.toBe(moved);
    expect(await aborted.promise).toBe(moved);
  });

  it('aborts the work when it is stopped', async () => {
    const stop = new AbortController();
    const seen: boolean[] = [];

    await keepAlive(
      async () => undefined,
      stop.signal,
      async (signal) => {
        seen.push(signal.aborted);
        stop.abort();
        seen.push(signal.aborted);
      },
    );
    await keepAlive(
      async () => undefined,
      stop.signal,
      async (signal) => void seen.push(signal.aborted),
    );

    expect(seen).toEqual([false, true, true]);
  });

  it('leaves nothing on the signal that stops it: no listener, and no signal made of it', async () => {
    const { signal } = new AbortController();
    const any = vi.spyOn(AbortSignal, 'any');

    for (let batch = 0; batch < 100; batch += 1)
      await keepAlive(
        async () => undefined,
        signal,
        batch % 2 ? async () => undefined : () => Promise.reject(new Error('work failed')),
      ).catch(() => undefined);

    expect(getEventListeners(signal, 'abort')).toHaveLength(0);
    expect(any).not.toHaveBeenCalled();
  });
});
