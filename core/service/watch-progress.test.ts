import { describe, expect, it } from 'vitest';
import { watchProgress } from './watch-progress.ts';

/** A consumer whose lag, position and clock the test sets. */
function watched() {
  const consumer = { lag: 0n, position: 0n, now: 0 };
  const check = watchProgress({
    lag: async () => consumer.lag,
    position: () => consumer.position,
    stuckAfterMs: 30_000,
    now: () => consumer.now,
  });
  return {
    at: (state: Partial<typeof consumer>) =>
      Promise.resolve(check())
        .then(() => Object.assign(consumer, state))
        .then(check),
  };
}

describe('watchProgress', () => {
  it('is ready without lag, however long nothing moves', async () => {
    const { at } = watched();

    expect(await at({ now: 0 })).toEqual({ ok: true, detail: 'lag 0' });
    expect(await at({ now: 3_600_000 })).toMatchObject({ ok: true });
  });

  it('is ready with lag while records are done', async () => {
    const { at } = watched();

    expect(await at({ lag: 10n, position: 1n, now: 0 })).toMatchObject({ ok: true });
    expect(await at({ lag: 500n, position: 2n, now: 29_999 })).toMatchObject({ ok: true });
    expect(await at({ lag: 900n, position: 3n, now: 59_998 })).toEqual({ ok: true, detail: 'lag 900' });
  });

  it('is not ready once records waited and none was done, and says for how long', async () => {
    const { at } = watched();
    await at({ lag: 10n, position: 1n, now: 1_000 });

    expect(await at({ lag: 12n, now: 30_999 })).toMatchObject({ ok: true });
    expect(await at({ lag: 12n, now: 31_000 })).toEqual({
      ok: false,
      detail: 'stuck: lag 12, no record done for 30 s',
    });
  });

  it('is ready again as soon as one record is done', async () => {
    const { at } = watched();
    await at({ lag: 10n, now: 0 });
    await at({ now: 40_000 });

    expect(await at({ position: 1n, lag: 9n })).toMatchObject({ ok: true });
  });

  it('does not count the idle time before a record came', async () => {
    const { at } = watched();
    await at({ lag: 0n, now: 0 });

    expect(await at({ lag: 1n, now: 3_600_000 })).toMatchObject({ ok: true });
    expect(await at({ now: 3_630_000 })).toMatchObject({ ok: false });
  });
});
