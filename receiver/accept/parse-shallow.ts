import { parseJson } from '@millrace/core/http/read-json';
import { Problem } from '@millrace/core/problem/problem';

/** No record is nested that deep: its schema has an end. */
const MAX_DEPTH = 200;
/** A smaller body can't be nested deep enough to hold up anyone. */
const SMALL_BYTES = 256 * 1024;

const [QUOTE, BACKSLASH] = [0x22, 0x5c];
/** With this bit set, `[` and `{` are one byte, and so are `]` and `}`. */
const CURLY = 0x20;
const [OPEN, CLOSE] = [0x7b, 0x7d];

/** JSON that is not nested without end: building millions of arrays in arrays would hold up everyone for a second. */
export function parseShallow(body: Buffer): unknown {
  if (body.length > SMALL_BYTES && isDeep(body))
    throw new Problem('malformed-json', `The body is nested more than ${MAX_DEPTH} levels deep.`);
  return parseJson(body);
}

function isDeep(body: Buffer): boolean {
  let depth = 0;
  for (let at = 0; at < body.length; at += 1) {
    const byte = body[at] ?? 0;
    if (byte === QUOTE) at = endOfText(body, at);
    else if ((byte | CURLY) === OPEN) depth += 1;
    else if ((byte | CURLY) === CLOSE) depth -= 1;
    if (depth > MAX_DEPTH) return true;
  }
  return false;
}

/** Where the text that begins at `start` ends: at a quote that no backslash escapes. */
function endOfText(body: Buffer, start: number): number {
  for (let end = body.indexOf(QUOTE, start + 1); end >= 0; end = body.indexOf(QUOTE, end + 1)) {
    let slashes = 0;
    while (body[end - 1 - slashes] === BACKSLASH) slashes += 1;
    if (slashes % 2 === 0) return end;
  }
  return body.length;
}
