import { describe, expect, it } from 'vitest';
import { createThrottle, FAILURES } from './throttle.ts';

const attempt = (name: string, address = '192.0.2.1') => ({ kind: 'user', name, address }) as const;

describe('the throttle', () => {
  it('refuses a name from an address after its failures, and no other name or address', async () => {
    const throttle = createThrottle();

    for (let n = 0; n < FAILURES.perName; n += 1) {
      await throttle.check(attempt('ann'));
      await throttle.failed(attempt('ann'));
    }

    await expect(throttle.check(attempt('ann'))).rejects.toMatchObject({
      code: 'slow_down',
      status: 429,
      headers: { 'retry-after': expect.stringMatching(/^[1-9]\d?$/) },
    });
    await throttle.check(attempt('bob'));
    await throttle.check({ ...attempt('ann'), kind: 'client' });
    await throttle.check(attempt('ann', '192.0.2.2'));
  });

  it('refuses every name from an address, or from one network of IPv6, after its failures', async () => {
    const throttle = createThrottle();

    for (let n = 0; n < FAILURES.perAddress; n += 1) await throttle.failed(attempt(`name-${n}`, `2001:db8::${n}`));

    await expect(throttle.check(attempt('ann', '2001:db8::ffff'))).rejects.toMatchObject({ code: 'slow_down' });
    await throttle.check(attempt('ann', '2001:db8:1::1'));
  });
});
