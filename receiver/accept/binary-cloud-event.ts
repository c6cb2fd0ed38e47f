import type { IncomingHttpHeaders } from 'node:http';
import type { Fault } from '@millrace/core/problem/problem';

export type BinaryCloudEvent = {
  readonly attributes: Readonly<Record<string, string>>;
  readonly faults: readonly Fault[];
};

const PREFIX = 'ce-';
const QUOTED = /"((?:[^"\\]|\\.)*)"/g;
const PRINTABLE = /^[\x20-\x7e\t]*$/;
const BROKEN_PERCENT = /%(?![\da-f]{2})/i;

/** Whether the headers say that the body is the data of a CloudEvent: one that lacks an attribute is a faulty one. */
export const isBinaryCloudEvent = (headers: IncomingHttpHeaders): boolean =>
  headers['ce-id'] !== undefined ||
  headers['ce-specversion'] !== undefined ||
  headers['ce-source'] !== undefined ||
  headers['ce-type'] !== undefined;

/** The attributes of an event in binary mode, read from its headers (CloudEvents HTTP binding 1.0.2, section 3.1.3). */
export function binaryCloudEvent(headers: IncomingHttpHeaders): BinaryCloudEvent {
  const attributes: [string, string][] = [];
  const faults: Fault[] = [];
  for (const [header, value] of Object.entries(headers)) {
    if (!header.startsWith(PREFIX)) continue;
    const name = header.slice(PREFIX.length);
    const text = decodeHeader(String(value));
    if (name === 'datacontenttype') faults.push({ pointer: '/datacontenttype', message: 'belongs into Content-Type' });
    else if (text === undefined)
      faults.push({ pointer: `/${name}`, message: 'must be ASCII, all else percent-encoded UTF-8' });
    else attributes.push([name, text]);
  }
  return { attributes: Object.fromEntries(attributes), faults };
}

/**
 * First quoted texts are unescaped, then one round of percent-decoding follows (section 3.1.3.2). Undefined for what is not
 * printable ASCII, and for what is not UTF-8 once it is decoded.
 */
function decodeHeader(value: string): string | undefined {
  const plain = value.replace(QUOTED, (_, inner: string) => inner.replace(/\\(.)/g, '$1'));
  if (!PRINTABLE.test(plain) || BROKEN_PERCENT.test(plain)) return undefined;
  try {
    return decodeURIComponent(plain);
  } catch {
    return undefined;
  }
}
