import { describe, expect, it, vi } from 'vitest';
import { createHealth } from './health.ts';

const never = new Promise<never>(() => {});

describe('createHealth', () => {
  it('is ok when every check is', async () => {
    const health = createHealth();
    health.add('kafka', () => ({ ok: true, detail: 'lag 0' }));
    health.add('database', async () => ({ ok: true, detail: 'answers' }));

    expect(await health.report()).toEqual({
      ok: true,
      checks: [
        { name: 'kafka', ok: true, detail: 'lag 0' },
        { name: 'database', ok: true, detail: 'answers' },
      ],
    });
  });

  it('is not ok when a check throws, rejects or hangs, and still tells what the others found', async () => {
    const health = createHealth({ timeoutMs: 20 });
    health.add('throws', () => {
      throw new Error('no broker');
    });
    health.add('rejects', () => Promise.reject(new Error('refused')));
    health.add('hangs', () => never);
    health.add('answers', () => ({ ok: true, detail: 'fine' }));

    const { ok, checks } = await health.report();

    expect(ok).toBe(false);
    expect(checks.map(({ detail }) => detail)).toEqual(['no broker', 'refused', 'no answer within 20 ms', 'fine']);
  });

  it('runs its checks once for many askers, and again after the cache time', async () => {
    const check = vi.fn(() => ({ ok: true, detail: '' }));
    const cached = createHealth({ cacheMs: 60_000 });
    const uncached = createHealth({ cacheMs: 0 });
    cached.add('kafka', check);

    await Promise.all([cached.report(), cached.report(), cached.report()]);
    expect(check).toHaveBeenCalledTimes(1);

    uncached.add('kafka', check);
    await uncached.report();
    await uncached.report();
    expect(check).toHaveBeenCalledTimes(3);
  });

  it('knows a check that was added since', async () => {
    const health = createHealth({ cacheMs: 60_000 });
    await health.report();
    health.add('kafka', () => ({ ok: false, detail: 'away' }));

    expect((await health.report()).ok).toBe(false);
  });
});
