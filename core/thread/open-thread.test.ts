import { describe, expect, it } from 'vitest';
import type { CountingAnswers, CountingEvents } from '../test/counting-thread.ts';
import { openThread } from './open-thread.ts';
import { startThread } from './start-thread.ts';

async function open(from = 0) {
  const counts: number[] = [];
  let closings = 0;
  const events: CountingEvents = { counted: (count) => counts.push(count), closed: () => (closings += 1) };
  const worker = startThread(import.meta.url, '../test/counting-thread');
  const settings = { config: { logLevel: 'silent' }, from };
  const thread = await openThread<CountingAnswers, CountingEvents>(worker, settings, events);
  return { thread, counts, closings: () => closings };
}

describe('a thread of a service', () => {
  it('answers what it is asked, in the order of its answers, and reports', async () => {
    const { thread, counts, closings } = await open(5);

    expect(await Promise.all([thread.ask('add', 1), thread.ask('add', 2)])).toEqual([6, 8]);
    expect(counts).toEqual([6, 8]);

    await thread.close();
    expect(closings()).toBe(1);
  });

  it('refuses with its own error, and still answers', async () => {
    const { thread } = await open();

    await expect(thread.ask('fail', 'no')).rejects.toThrow(new TypeError('no'));
    await expect(thread.ask('refuse')).rejects.toMatchObject({ status: 503, headers: { 'retry-after': '5' } });
    expect(await thread.ask('add', 1)).toBe(1);

    await thread.close();
  });

  it('says why it could not be opened, and is gone', async () => {
    await expect(open(-1)).rejects.toThrow('counting begins at zero');
  });

  it('rejects what it was asked when it ends by itself', async () => {
    const { thread } = await open();

    await expect(thread.ask('end')).rejects.toThrow('ended with 3');
    await expect(thread.done).rejects.toThrow('ended with 3');
  });
});
