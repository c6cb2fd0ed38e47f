import { getEventListeners } from 'node:events';
import { createServer } from 'node:http';
import { setTimeout as sleep } from 'node:timers/promises';
import { setFlagsFromString } from 'node:v8';
import { runInNewContext } from 'node:vm';
import { describe, expect, it } from 'vitest';
import { linkSignals, withLinkedSignal } from './link-signals.ts';

describe('a linked signal', () => {
  it('aborts as the first of others does, with its reason', () => {
    const [a, b] = [new AbortController(), new AbortController()];
    const { signal, unlink } = linkSignals([a.signal, b.signal]);
    expect(signal.aborted).toBe(false);
    b.abort('enough');
    a.abort('too late');
    expect(signal.reason).toBe('enough');
    unlink();
  });

  it('is aborted at once where another is', () => {
    const { signal, unlink } = linkSignals([AbortSignal.abort('before'), new AbortController().signal]);
    expect(signal.reason).toBe('before');
    unlink();
  });

  it('leaves nothing behind, also where the work throws', async () => {
    const long = new AbortController();
    await withLinkedSignal([long.signal], 60_000, async () =>
      expect(getEventListeners(long.signal, 'abort')).toHaveLength(1),
    );
    await expect(withLinkedSignal([long.signal], 60_000, () => Promise.reject(new Error('no')))).rejects.toThrow('no');
    expect(getEventListeners(long.signal, 'abort')).toEqual([]);
  });

  it('ends a call that is not answered, though garbage is collected meanwhile', async () => {
    setFlagsFromString('--expose-gc');
    const collect = runInNewContext('gc');
    const server = createServer(() => undefined).listen(0, '127.0.0.1');
    await new Promise((resolve) => server.once('listening', resolve));
    const address = server.address();
    const url = `http://127.0.0.1:${typeof address === 'object' ? address?.port : 0}`;
    const long = new AbortController();

    const call = withLinkedSignal([long.signal], 200, (signal) => fetch(url, { signal }));
    const ended = expect(call).rejects.toThrow('no answer within 200 ms');
    for (let n = 0; n < 10; n += 1) {
      await sleep(10);
      collect();
    }
    await ended;

    server.closeAllConnections();
    server.close();
  });
});
