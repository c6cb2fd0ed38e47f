import { resolve } from 'node:path';
import { z } from 'zod';
import { rootDir } from './root-dir.ts';

/** How a setting's text becomes its value. A message finishes the sentence that the setting's name begins. */

export const wholeNumber = (min: number, max: number = Number.MAX_SAFE_INTEGER) =>
  z
    .string()
    .refine((text) => /^\d+$/.test(text) && Number(text) >= min && Number(text) <= max, {
      error: `must be a whole number ${max === Number.MAX_SAFE_INTEGER ? `of at least ${min}` : `from ${min} to ${max}`}`,
    })
    .transform(Number);

export const port = wholeNumber(0, 65_535);

export const oneOf = <const Choice extends string>(choices: readonly Choice[]) =>
  z.enum(choices, { error: `must be one of ${choices.join(', ')}` });

export const hostName = z.string().regex(/^[\w.:-]+$/, { error: 'must be a host name or an IP address' });

/** Host names without ports, comma separated; may be empty. */
export const hostNames = z
  .string()
  .transform((text) =>
    text
      .split(',')
      .map((name) => name.trim().toLowerCase())
      .filter((name) => name !== ''),
  )
  .refine((names) => names.every((name) => /^[\w.-]+$/.test(name)), {
    error: 'must be host names without ports, with commas between',
  });

export const matching = (pattern: RegExp, error: string) => z.string().regex(pattern, { error });

/** `host:port`, comma separated; IPv6 addresses in brackets. */
export const addresses = z
  .string()
  .transform((text) =>
    text
      .split(',')
      .map((address) => address.trim())
      .filter((address) => address !== ''),
  )
  .refine((list) => list.length > 0 && list.every((address) => /^(?:[\w.-]+|\[[\da-f:]+\]):\d{1,5}$/i.test(address)), {
    error: 'must be host:port, or several of them with commas between',
  });

const urlOf = (text: string): URL | undefined => (URL.canParse(text) ? new URL(text) : undefined);

export const httpUrl = z
  .string()
  .refine((text) => ['http:', 'https:'].includes(urlOf(text)?.protocol ?? ''), {
    error: 'must be a URL that begins with http:// or https://',
  })
  .transform((text) => text.replace(/\/+$/, ''));

/** The identifier of an issuer of tokens (RFC 8414): a URL without query and fragment; may be empty. */
export const issuerUrl = z.literal('').or(
  httpUrl.refine((text) => !/[?#@]/.test(text), {
    error: 'must be a URL without user, query and fragment',
  }),
);

export const mysqlUrl = z.string().refine(
  (text) => {
    const url = urlOf(text);
    return url?.protocol === 'mysql:' && url.hostname !== '' && /^\/[^/]+$/.test(url.pathname);
  },
  { error: 'must look like mysql://user:password@host:port/name' },
);

/** An absolute path; a relative one is taken from Millrace's own folder, wherever the process was started. */
export const directory = z.string().transform((text) => resolve(rootDir, text));
