import { Problem } from '@millrace/core/problem/problem';
import { type Scanned, scanJson } from './scan-json.ts';

/** An element of a JSON array: its bytes, and which bound it exceeds, if any. */
export type Element = Pick<Scanned, 'fault'> & { readonly bytes: Buffer };

const [BRACKET, END_BRACKET, COMMA] = [0x5b, 0x5d, 0x2c];
const BOM = [0xef, 0xbb, 0xbf];

/** Where the array begins that a body is, or undefined where it is another value. */
export function startOfArray(body: Buffer): number | undefined {
  const start = skipSpace(body, BOM.every((byte, at) => body[at] === byte) ? BOM.length : 0);
  return body[start] === BRACKET ? start : undefined;
}

/**
 * The elements of a JSON array one after another, none of them parsed, so that a long array does not block the event loop.
 * Throws `malformed-json` where the array itself is not JSON, at the latest behind its last element.
 */
export function* splitArray(body: Buffer, start: number): Generator<Element> {
  let at = skipSpace(body, start + 1);
  if (body[at] === END_BRACKET) return end(body, at);
  for (let index = 0; ; index += 1) {
    const { end: to, fault } = scanJson(body, at, true);
    const bytes = body.subarray(at, to);
    if (skipSpace(bytes, 0) === bytes.length) throw malformed(`record ${index} is missing`);
    yield { bytes, fault };
    if (body[to] === END_BRACKET) return end(body, to);
    if (body[to] !== COMMA) throw malformed('the array does not end');
    at = to + 1;
  }
}

function end(body: Buffer, at: number): void {
  if (skipSpace(body, at + 1) < body.length) throw malformed('there is more behind the array');
}

function skipSpace(bytes: Buffer, start: number): number {
  let at = start;
  while (isSpace(bytes[at])) at += 1;
  return at;
}

const isSpace = (byte: number | undefined) => byte === 0x20 || byte === 0x0a || byte === 0x0d || byte === 0x09;
const malformed = (reason: string) => new Problem('malformed-json', `The body is not JSON: ${reason}.`);
