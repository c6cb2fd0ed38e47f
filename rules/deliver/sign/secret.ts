import { randomBytes } from 'node:crypto';

const PREFIX = 'whsec_';
const BYTES = 32;

/** What https://www.standardwebhooks.com says of keys: 24 to 64 random bytes, in base64 behind `whsec_`. */
const [LEAST, MOST] = [24, 64];

export const generateSecret = (): string => PREFIX + randomBytes(BYTES).toString('base64');

export function isSecret(text: string): boolean {
  const encoded = text.startsWith(PREFIX) ? text.slice(PREFIX.length) : '';
  const bytes = Buffer.from(encoded, 'base64');
  return bytes.length >= LEAST && bytes.length <= MOST && bytes.toString('base64') === encoded;
}

export const keyOf = (secret: string): Buffer => Buffer.from(secret.slice(PREFIX.length), 'base64');
