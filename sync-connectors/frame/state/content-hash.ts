import { createHash } from 'node:crypto';

/** A digest of a row. @param json as `canonicalJson` writes it */
export const contentHash = (json: string): Buffer => createHash('sha256').update(json).digest();
