import { turnTaker } from '@millrace/core/promise/turn-taker';
import { charsetOf, feedDecoder, HEAD_BYTES } from './decode-feed.ts';
import type { FeedBasePlan, Vocabulary } from './feed-element.ts';
import { FeedFault } from './feed-fault.ts';
import type { FeedLimits } from './feed-limits.ts';
import { createFeedParser, type FeedParser } from './parse-feed.ts';

import { readBytes } from './read-bytes.ts';

/** Characters that are parsed at once: a millisecond or two of work, whatever they are. */
const PIECE = 8_192;

export type Found = {
  readonly basePlans: readonly FeedBasePlan[];
  readonly vocabulary: Vocabulary | undefined;
  /** Bytes of the feed so far, unpacked. */
  readonly bytes: number;
};

type Feed = {
  readonly body: ReadableStream<Uint8Array>;
  readonly contentType: string | null;
  readonly limits: FeedLimits;
  readonly signal: AbortSignal;
};

/**
 * The base plans of a feed, as its bytes come: no more is read than is asked for. Ends once the feed is whole; throws a `FeedFault` where it is not,
 * after all that came before the fault.
 */
export async function* readBasePlans({ body, contentType, limits, signal }: Feed): AsyncGenerator<Found> {
  const parser = createFeedParser(limits);
  const turn = turnTaker();
  const chunks = readBytes(body, limits, signal);
  let bytes = 0;
  try {
    let head = new Uint8Array();
    while (head.length < HEAD_BYTES) {
      const chunk = await nextOf(chunks);
      if (chunk === undefined) break;
      head = Buffer.concat([head, chunk]);
      yield { basePlans: [], vocabulary: undefined, bytes: head.length };
    }
    if (head.length === 0) throw new FeedFault('it is empty');
    const decoder = feedDecoder(head, charsetOf(contentType));
    for (let chunk: Uint8Array | undefined = head; chunk !== undefined; chunk = await nextOf(chunks)) {
      bytes += chunk.length;
      for (const piece of piecesOf(decoder.decode(chunk))) {
        yield* found(parser, bytes, () => parser.write(piece));
        if (turn.isDue()) await turn.yield();
      }
    }
    yield* found(parser, bytes, () => parser.write(decoder.end()));
    yield* found(parser, bytes, () => parser.end());
  } finally {
    await chunks.return(undefined);
  }
}

function* found(parser: FeedParser, bytes: number, parse: () => readonly FeedBasePlan[]): Generator<Found> {
  const basePlans = parse();
  yield { basePlans, vocabulary: parser.vocabulary(), bytes };
  parser.check();
}

async function nextOf(chunks: AsyncIterator<Uint8Array>): Promise<Uint8Array | undefined> {
  const next = await chunks.next();
  return next.done ? undefined : next.value;
}

function* piecesOf(text: string): Generator<string> {
  for (let at = 0; at < text.length; at += PIECE) yield text.slice(at, at + PIECE);
}
