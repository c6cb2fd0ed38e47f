import { isUtf8 } from 'node:buffer';
import type { IncomingMessage } from 'node:http';
import { Problem } from '../problem/problem.ts';
import { readBody } from './read-body.ts';

const jsonType = /^application\/(?:[\w.+-]+\+)?json\s*(?:;|$)/i;

/**
 * Parses a body read as bytes; a leading byte-order mark is forgiven. Throws `malformed-json`.
 * @param parse JSON's own, or one that is as strict
 */
export function parseJson(body: Buffer, parse: (text: string) => unknown = JSON.parse): unknown {
  if (!isUtf8(body)) throw new Problem('malformed-json', 'The body is not UTF-8.');
  const text = body.toString('utf8');
  try {
    return parse(text.charCodeAt(0) === 0xfeff ? text.slice(1) : text);
  } catch (cause) {
    const detail = body.length === 0 ? 'The body is empty.' : `The body is not JSON: ${reasonOf(cause)}`;
    throw new Problem('malformed-json', detail, { cause });
  }
}

/** V8 quotes what is around an unexpected token, and all of a short text. */
const QUOTED = /(?:, (?:\.{3})?|^)".*$/s;

/** Why a text is not JSON, without the part of it that the reason quotes: it may be a secret, and reasons are answered and logged. */
function reasonOf(cause: unknown): string {
  const reason = cause instanceof Error ? cause.message.replace(QUOTED, '') : '';
  return reason === '' ? 'unexpected text' : reason;
}

/** A JSON request body, not yet validated. Throws `unsupported-media-type`, `malformed-json` and what readBody throws. */
export async function readJson(req: IncomingMessage, options: { limitBytes: number }): Promise<unknown> {
  if (!jsonType.test(req.headers['content-type'] ?? '')) {
    throw new Problem('unsupported-media-type', 'Send application/json.', { headers: { accept: 'application/json' } });
  }
  return parseJson(await readBody(req, options));
}
