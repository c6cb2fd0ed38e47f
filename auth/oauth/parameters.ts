import { isUtf8 } from 'node:buffer';
import type { IncomingMessage } from 'node:http';
import { readBody } from '@millrace/core/http/read-body';
import { parseJson } from '@millrace/core/http/read-json';
import { Problem } from '@millrace/core/problem/problem';

/** The parameters of a request, by name; one that is empty is not there (RFC 6749, section 3.2). */
export type Parameters = {
  readonly values: ReadonlyMap<string, string>;
  /** What is wrong with their form, in words that repeat no value. */
  readonly faults: readonly string[];
};

const LIMIT = { limitBytes: 16_384 };
const FORM = /^application\/x-www-form-urlencoded\s*(?:;|$)/i;
const JSON_TYPE = /^application\/json\s*(?:;|$)/i;

/**
 * Reads a body that is a form or a JSON object. Parameters that are not among `names` are ignored, as OAuth asks. Throws what
 * `readBody` throws, and `malformed-json`.
 */
export async function readParameters(req: IncomingMessage, names: readonly string[]): Promise<Parameters> {
  const type = req.headers['content-type'] ?? '';
  if (!FORM.test(type) && !JSON_TYPE.test(type))
    throw new Problem('unsupported-media-type', 'Send application/x-www-form-urlencoded or application/json.', {
      headers: { accept: 'application/x-www-form-urlencoded, application/json' },
    });
  const body = await readBody(req, LIMIT);
  return FORM.test(type) ? formParameters(body, names) : jsonParameters(parseJson(body), names);
}

export function formParameters(body: Buffer, names: readonly string[]): Parameters {
  if (!isUtf8(body)) return { values: new Map(), faults: ['The body is not UTF-8'] };
  const given = new URLSearchParams(body.toString('utf8'));
  const repeated = names.filter((name) => given.getAll(name).length > 1);
  return {
    values: new Map(names.flatMap((name) => (given.get(name) ? [[name, given.get(name) ?? '']] : []))),
    faults: repeated.map((name) => `${name} must be given only once`),
  };
}

export function jsonParameters(value: unknown, names: readonly string[]): Parameters {
  if (typeof value !== 'object' || value === null || Array.isArray(value))
    return { values: new Map(), faults: ['The body must be a JSON object'] };
  const given = Object.entries(value).filter(([name, each]) => names.includes(name) && each !== '');
  return {
    values: new Map(given.filter((entry): entry is [string, string] => typeof entry[1] === 'string')),
    faults: given.filter(([, each]) => typeof each !== 'string').map(([name]) => `${name} must be a string`),
  };
}
