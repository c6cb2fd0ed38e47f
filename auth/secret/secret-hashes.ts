import { randomBytes } from 'node:crypto';
import { availableParallelism } from 'node:os';
import { hash, verify } from '@node-rs/argon2';
import { createWorkSlots } from './work-slots.ts';

/** argon2id, by its number: the name is a `const enum`, which a build that only strips types cannot read. */
const ARGON2ID = 2;
/** OWASP's minimum: 10 to 12 ms and 19 MiB a hash (docs/decisions/0028). */
const COST = { algorithm: ARGON2ID, memoryCost: 19_456, timeCost: 2, parallelism: 1 } as const;
/** Hashes run in libuv's pool of four threads, which files and DNS share: one is left to those. */
const AT_ONCE = Math.min(availableParallelism(), 3);
/** Most wait well under a second. */
const MAX_WAITING = 100;

const PHC = /^\$argon2id\$v=19\$m=\d+,t=\d+,p=\d+\$[\w+/]{11,}\$[\w+/]{43}$/;

export type SecretHashes = {
  /** Throws `saturated` when too many wait. */
  hash(secret: string): Promise<string>;
  /**
   * Takes the same time whatever is stored: for no hash, and for one that is none, it computes another in its place and answers false.
   * Throws `saturated` when too many wait.
   * @param begin called when its turn has come; throwing refuses it
   */
  verify(stored: string | undefined, secret: string, begin?: () => Promise<void>): Promise<boolean>;
};

/** Hashes of secrets and passwords. */
export async function createSecretHashes(): Promise<SecretHashes> {
  const slots = createWorkSlots({ atOnce: AT_ONCE, maxWaiting: MAX_WAITING });
  const nobodys = await hash(randomBytes(32), COST);
  return {
    hash: (secret) => slots(() => hash(secret, COST)),
    verify: (stored, secret, begin) =>
      slots(async () => {
        await begin?.();
        const known = stored !== undefined && PHC.test(stored);
        return (await verify(known ? stored : nobodys, secret)) && known;
      }),
  };
}
