import { FeedFault } from './feed-fault.ts';

const MARKS: readonly (readonly [string, readonly number[]])[] = [
  ['utf-32', [0xff, 0xfe, 0, 0]],
  ['utf-32', [0, 0, 0xfe, 0xff]],
  ['utf-8', [0xef, 0xbb, 0xbf]],
  ['utf-16le', [0xff, 0xfe]],
  ['utf-16be', [0xfe, 0xff]],
  // Without a mark, "<?" or "<p" says how many bytes a character has.
  ['utf-16le', [0x3c, 0]],
  ['utf-16be', [0, 0x3c]],
];
const DECLARED = /^\s*<\?xml[^>]*?\sencoding\s*=\s*["']([\w.:-]+)["']/;

/** As many bytes as a declaration may need. */
export const HEAD_BYTES = 200;

export type FeedDecoder = {
  /** Throws a `FeedFault` for bytes that are not of the encoding. */
  decode(bytes: Uint8Array): string;
  end(): string;
  readonly encoding: string;
};

/**
 * A decoder for a feed that begins with `head`: by its byte order mark, else the `charset` of the answer, else what the XML
 * declares, else UTF-8 (RFC 7303). Throws a `FeedFault` for an encoding that nobody knows, or that the bytes contradict.
 */
export function feedDecoder(head: Uint8Array, charset: string | undefined): FeedDecoder {
  const marked = MARKS.find(([, mark]) => mark.every((byte, at) => head[at] === byte))?.[0];
  const declared = DECLARED.exec(Buffer.from(head).toString('latin1'))?.[1];
  const label = marked ?? charset ?? declared ?? 'utf-8';
  if (marked === undefined && /^utf-?16/i.test(label))
    throw new FeedFault(`it declares ${label}, but its characters have one byte`);
  const decoder = decoderOf(label);
  function decode(bytes: Uint8Array | undefined): string {
    try {
      return bytes ? decoder.decode(bytes, { stream: true }) : decoder.decode();
    } catch {
      throw new FeedFault(`it has bytes that are not ${decoder.encoding}`);
    }
  }
  return { decode, end: () => decode(undefined), encoding: decoder.encoding };
}

function decoderOf(label: string) {
  try {
    return new TextDecoder(label, { fatal: true });
  } catch {
    throw new FeedFault(`its encoding ${label.slice(0, 40)} is not known`);
  }
}

/** The `charset` of a content type. */
export const charsetOf = (contentType: string | null): string | undefined =>
  /;\s*charset\s*=\s*"?([\w.:-]+)/i.exec(contentType ?? '')?.[1];
