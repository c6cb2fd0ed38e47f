import { RateLimiterMemory, type RateLimiterRes } from 'rate-limiter-flexible';
import type { AccountKind } from '../account/account.ts';
import { isName } from '../account/account.ts';
import { OauthError } from '../oauth/oauth-error.ts';
import { networkOf } from './network-of.ts';

/** Who tries to authenticate, and from where. */
export type Attempt = { readonly kind: AccountKind; readonly name: string; readonly address: string };

export type Throttle = {
  /** Throws `slow_down`, with the seconds to wait, after too many failures. */
  check(attempt: Attempt): Promise<void>;
  failed(attempt: Attempt): Promise<void>;
};

/** Wrong secrets in a minute, from one address: for one name, and for all of them. */
export const FAILURES = { perName: 10, perAddress: 100, seconds: 60 } as const;

/** Counts failures alone, in this process, so that a busy client is never slowed down. Names that nobody can have count as one. */
export function createThrottle(): Throttle {
  const names = new RateLimiterMemory({ points: FAILURES.perName, duration: FAILURES.seconds });
  const addresses = new RateLimiterMemory({ points: FAILURES.perAddress, duration: FAILURES.seconds });
  const keysOf = ({ kind, name, address }: Attempt) => {
    const network = networkOf(address);
    return { byName: `${network} ${kind} ${isName(name) ? name : ''}`, byAddress: network };
  };

  return {
    async check(attempt) {
      const { byName, byAddress } = keysOf(attempt);
      refuseAt(FAILURES.perName, await names.get(byName));
      refuseAt(FAILURES.perAddress, await addresses.get(byAddress));
    },
    async failed(attempt) {
      const { byName, byAddress } = keysOf(attempt);
      await Promise.all([names.penalty(byName), addresses.penalty(byAddress)]);
    },
  };
}

function refuseAt(most: number, counted: RateLimiterRes | null): void {
  if (!counted || counted.consumedPoints < most) return;
  const seconds = Math.max(1, Math.ceil(counted.msBeforeNext / 1_000));
  throw new OauthError('slow_down', `Too many wrong secrets; try again in ${seconds} s.`, {
    'retry-after': String(seconds),
  });
}
