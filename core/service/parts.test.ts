import { capturedLog } from '@millrace/testing/captured-log';
import { describe, expect, it, vi } from 'vitest';
import { createParts } from './parts.ts';

function setUp() {
  const { log, lines } = capturedLog();
  const onFailure = vi.fn();
  const closed: string[] = [];
  const part = (name: string) => ({ name, close: async () => void closed.push(name) });
  return { parts: createParts({ log, onFailure }), onFailure, closed, lines, part };
}

describe('createParts', () => {
  it('answers what it was given, promised or not', async () => {
    const { parts, part } = setUp();
    const database = part('database');

    expect(await parts.use(database)).toBe(database);
    expect(await parts.use(Promise.resolve(database))).toBe(database);
    expect(await parts.use({})).toEqual({});
  });

  it('closes the newest first, each to its end before the next', async () => {
    const { parts, closed, part } = setUp();
    for (const name of ['database', 'consumer', 'http']) await parts.use(part(name));

    expect(await parts.close()).toBe(true);
    expect(closed).toEqual(['http', 'consumer', 'database']);
  });

  it('closes the others when one cannot', async () => {
    const { parts, closed, lines, part } = setUp();
    await parts.use(part('database'));
    await parts.use({ close: () => Promise.reject(new Error('already gone')) });

    expect(await parts.close()).toBe(false);
    expect(closed).toEqual(['database']);
    expect(lines).toMatchObject([{ level: 'error', err: { message: 'already gone' } }]);
  });

  it('tells when a part breaks by itself', async () => {
    const { parts, onFailure } = setUp();
    const broken = new Error('the consumer crashed');

    await parts.use({ done: Promise.reject(broken) });

    await vi.waitFor(() => expect(onFailure).toHaveBeenCalledWith(broken));
  });

  it('closes a part that opens after closing began, and says so to whoever opened it', async () => {
    const { parts, closed, part } = setUp();
    await parts.close();

    await expect(parts.use(part('late'))).rejects.toThrow('the service is stopping');
    expect(closed).toEqual(['late']);
  });
});
