import { setImmediate as nextTurn, setTimeout as sleep } from 'node:timers/promises';
import { withResolvers } from '@millrace/core/promise/with-resolvers';
import { describe, expect, it } from 'vitest';
import { createPrecedence } from './read-priority.ts';

const limits = { afterMs: 1, atMostMs: 60_000 };

/** Than writing stands back after an answer. */
const LONGER_MS = 20;

/** What an answer waits for, and the end of that. */
function answering() {
  const { promise, resolve } = withResolvers();
  return { work: () => promise, end: resolve };
}

describe('precedence', () => {
  it('lets writing go on at once while nothing is asked', async () => {
    const { giveWay } = createPrecedence(limits);

    await expect(giveWay()).resolves.toBeUndefined();
  });

  it('has writing wait for every answer in the making', async () => {
    const { answer, giveWay } = createPrecedence(limits);
    const [one, other] = [answering(), answering()];
    const order: string[] = [];
    const answers = [one, other].map(({ work }) => answer(work).then(() => order.push('answered')));

    const writing = giveWay().then(() => order.push('written'));
    await nextTurn();
    one.end();
    await sleep(LONGER_MS);
    const afterOne = [...order];
    other.end();
    await Promise.all([...answers, writing]);

    expect(afterOne).toEqual(['answered']);
    expect(order).toEqual(['answered', 'answered', 'written']);
  });

  it('has writing go on after an answer that failed', async () => {
    const { answer, giveWay } = createPrecedence(limits);

    await expect(answer(() => Promise.reject(new Error('interrupted')))).rejects.toThrow('interrupted');

    await expect(giveWay()).resolves.toBeUndefined();
  });

  it('has writing go on in spite of answers that take long', async () => {
    const { answer, giveWay } = createPrecedence({ ...limits, atMostMs: 1 });
    const { work, end } = answering();
    const answered = answer(work);

    await giveWay();

    end();
    await answered;
  });
});
