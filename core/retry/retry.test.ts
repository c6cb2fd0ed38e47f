import { getEventListeners } from 'node:events';
import { capturedLog } from '@millrace/testing/captured-log';
import { describe, expect, it } from 'vitest';
import { withResolvers } from '../promise/with-resolvers.ts';
import { retry } from './retry.ts';

const quick = { firstDelayMs: 1, maxDelayMs: 1 };
const always = () => true;

/** Fails this many times, then answers how often it was called. */
function failing(times: number, error: unknown = new Error('refused')) {
  let calls = 0;
  return async () => {
    calls += 1;
    if (calls <= times) throw error;
    return calls;
  };
}

describe('retry', () => {
  it('tries until the work succeeds, and reports each failure', async () => {
    const failures: unknown[] = [];

    const answer = await retry({ ...quick, while: always, onRetry: (error) => failures.push(error) }, failing(3));

    expect(answer).toBe(4);
    expect(failures).toHaveLength(3);
  });

  it('throws at once what another try can not mend', async () => {
    const work = failing(1);

    await expect(retry({ ...quick, while: () => false }, work)).rejects.toThrow('refused');
    expect(await work()).toBe(2);
  });

  it('throws the last error when the tries are used up', async () => {
    const work = failing(10);

    await expect(retry({ ...quick, while: always, attempts: 3 }, work)).rejects.toThrow('refused');
    await expect(work()).rejects.toThrow();
    expect(await retry({ ...quick, while: always }, work)).toBe(11);
  });

  it('writes one line for a trouble that lasts less than the interval', async () => {
    const { log, lines } = capturedLog();
    const error = new Error('no answer', { cause: new Error('refused') });

    await retry({ ...quick, while: always, report: { log, message: 'waiting for Kafka' } }, failing(5, error));

    expect(lines).toMatchObject([{ level: 'warn', msg: 'waiting for Kafka', reason: 'no answer: refused' }]);
  });

  it('ends a pause when the signal is aborted, and leaves no listener behind', async () => {
    const stop = new AbortController();
    const { promise: paused, resolve } = withResolvers();

    const running = retry(
      { firstDelayMs: 3_600_000, maxDelayMs: 3_600_000, while: always, signal: stop.signal, onRetry: () => resolve() },
      failing(1),
    );
    await paused;
    stop.abort(new Error('stopping'));

    await expect(running).rejects.toThrow('stopping');
    expect(getEventListeners(stop.signal, 'abort')).toHaveLength(0);
  });

  it('awaits the work that runs when the signal is aborted', async () => {
    const stop = new AbortController();
    const work = withResolvers<string>();

    const running = retry({ ...quick, while: always, signal: stop.signal }, () => work.promise);
    stop.abort(new Error('stopping'));
    work.resolve('done');

    expect(await running).toBe('done');
  });

  it('does not begin under an aborted signal', async () => {
    const work = failing(0);

    await expect(
      retry({ ...quick, while: always, signal: AbortSignal.abort(new Error('stopped')) }, work),
    ).rejects.toThrow('stopped');
    expect(await work()).toBe(1);
  });

  it('adds no listener to a signal for work that succeeds, and removes the one of work that failed before', async () => {
    const { signal } = new AbortController();

    for (let round = 0; round < 20; round += 1) await retry({ ...quick, while: always, signal }, failing(round % 2));

    expect(getEventListeners(signal, 'abort')).toHaveLength(0);
  });
});
