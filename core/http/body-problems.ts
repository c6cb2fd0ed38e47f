import { Problem } from '../problem/problem.ts';

export const bodyTooLarge = (limitBytes: number): Problem =>
  new Problem('body-too-large', `The body is larger than the ${limitBytes} bytes taken here.`);

export const bodyAborted = (cause?: unknown): Problem =>
  new Problem('request-aborted', 'The client closed the connection before the body ended.', { cause });

export const bodyMalformed = (encoding: string, cause: unknown): Problem =>
  new Problem('malformed-body', `The body is not valid ${encoding}.`, { cause });

/** Longer, and it is no name of a format: it may be a secret in the wrong header, and refusals are logged. */
const MOST_REPEATED = 60;

/** A header's value in a refusal. */
export const repeated = (value: string): string => (value.length > MOST_REPEATED ? 'That' : JSON.stringify(value));

export const encodingUnknown = (encoding: string): Problem =>
  new Problem(
    'unsupported-media-type',
    `${repeated(encoding)} is no Content-Encoding taken here; send gzip, deflate or br.`,
    {
      headers: { 'accept-encoding': 'gzip, deflate, br' },
    },
  );

/** The request's Content-Encoding in lower case; undefined when the body comes as it is. */
export function encodingOf(header: string | undefined): string | undefined {
  const encoding = header?.trim().toLowerCase();
  return encoding === undefined || encoding === '' || encoding === 'identity' ? undefined : encoding;
}
