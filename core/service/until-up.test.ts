import { capturedLog } from '@millrace/testing/captured-log';
import { describe, expect, it } from 'vitest';
import { Problem } from '../problem/problem.ts';
import { watchWaits } from './until-up.ts';

function held() {
  let release = () => {};
  const until = new Promise<void>((resolve) => {
    release = resolve;
  });
  return { until, release: () => release() };
}

describe('watchWaits', () => {
  it('tells what is waited for, once each, until it is there', async () => {
    const { untilUp, waitingFor } = watchWaits(capturedLog().log);
    const [first, second, other] = [held(), held(), held()];
    const opened = [
      untilUp('Kafka', () => first.until),
      untilUp('the database', () => other.until),
      untilUp('Kafka', () => second.until),
    ];

    expect(waitingFor()).toEqual(['Kafka', 'the database']);
    first.release();
    await opened[0];
    expect(waitingFor()).toEqual(['the database', 'Kafka']);
    second.release();
    other.release();
    await Promise.all(opened);
    expect(waitingFor()).toEqual([]);
  });

  it('tries again and says so in the log, and forgets what can not be mended', async () => {
    const { log, lines } = capturedLog();
    const { untilUp, waitingFor } = watchWaits(log);
    let tries = 0;

    const up = await untilUp('Kafka', async () => {
      tries += 1;
      if (tries === 1) throw new Error('refused');
      return 'up';
    });
    const permanent = untilUp('the registry', () => Promise.reject(new Problem('incompatible-schema', 'no')));

    expect(up).toBe('up');
    await expect(permanent).rejects.toThrow('no');
    expect(lines).toMatchObject([{ msg: 'waiting for Kafka', reason: 'refused' }]);
    expect(waitingFor()).toEqual([]);
  });
});
