import { deserialize, serialize } from 'node:v8';
import type { AccountState } from './account-state.ts';

/**
 * An account's state as bytes, with every bit of its numbers. Bytes that another version of Node wrote may be refused; what they say can
 * always be read from the topics again.
 */
export const serializeAccount = (state: AccountState): Buffer => serialize(state);

export const deserializeAccount = (bytes: Buffer): AccountState => deserialize(bytes);
