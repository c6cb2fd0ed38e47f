import { createHash } from 'node:crypto';
import { appendTimeOf } from './append-time.ts';

/** What a record was: enough to tell later whether the topic still holds the same one at its offset. */
export type Identity = {
  readonly offset: bigint;
  readonly appendTime: number;
  /** Undefined where only the append time is known. */
  readonly hash: string | undefined;
};

type Identified = { readonly offset: bigint; readonly appendTime: number; readonly value: Buffer | null };

export function identityOf(record: Identified): Identity {
  const { offset, value } = record;
  const hash = createHash('sha256')
    .update(value ?? '')
    .digest('hex');
  return { offset, appendTime: appendTimeOf(record), hash };
}
