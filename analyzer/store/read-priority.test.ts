import { setImmediate as nextTurn, setTimeout as sleep } from 'node:timers/promises';
import { withResolvers } from '@millrace/core/promise/with-resolvers';
import { describe, expect, it } from 'vitest';
import { createReadPriority } from './read-priority.ts';

const limits = { afterMs: 1, atMostMs: 60_000 };

/** Than writing yields after a read. */
const LONGER_MS = 20;

/** What an answer waits for, and the end of that. */
function answering() {
  const { promise, resolve } = withResolvers();
  return { work: () => promise, end: resolve };
}

describe('precedence', () => {
  it('lets writing continue at once while nothing is asked', async () => {
    const { yieldToReads } = createReadPriority(limits);

    await expect(yieldToReads()).resolves.toBeUndefined();
  });

  it('has writing wait for every answer in the making', async () => {
    const { trackRead, yieldToReads } = createReadPriority(limits);
    const [one, other] = [answering(), answering()];
    const order: string[] = [];
    const answers = [one, other].map(({ work }) => trackRead(work).then(() => order.push('answered')));

    const writing = yieldToReads().then(() => order.push('written'));
    await nextTurn();
    one.end();
    await sleep(LONGER_MS);
    const afterOne = [...order];
    other.end();
    await Promise.all([...answers, writing]);

    expect(afterOne).toEqual(['answered']);
    expect(order).toEqual(['answered', 'answered', 'written']);
  });

  it('has writing continue after an answer that failed', async () => {
    const { trackRead, yieldToReads } = createReadPriority(limits);

    await expect(trackRead(() => Promise.reject(new Error('interrupted')))).rejects.toThrow('interrupted');

    await expect(yieldToReads()).resolves.toBeUndefined();
  });

  it('has writing continue in spite of answers that take long', async () => {
    const { trackRead, yieldToReads } = createReadPriority({ ...limits, atMostMs: 1 });
    const { work, end } = answering();
    const answered = trackRead(work);

    await yieldToReads();

    end();
    await answered;
  });
});
