import { createHash, randomBytes } from 'node:crypto';
import { createSeal, type Seal } from '@millrace/core/seal/seal';

/** 256 random bits as text. */
export const newRefreshToken = (): string => randomBytes(32).toString('base64url');

/** By what a refresh token is stored and found. */
export const hashOf = (token: string): Buffer => createHash('sha256').update(token).digest();

/** What a token's successor is sealed with: only who has the token itself can open it, so the table alone gives nothing. */
export const successorSeal = (token: string): Seal => createSeal(token, 'millrace refresh token successor');
