import { Readable } from 'node:stream';
import { createGunzip } from 'node:zlib';
import { reasonOf } from '@millrace/core/problem/reason-of';
import { FeedFault } from './feed-fault.ts';
import type { FeedLimits } from './feed-limits.ts';

const SECOND_MS = 1_000;
const MINUTE_MS = 60_000;

/** A body's bytes, as they come. Throws a `FeedFault` when they stop coming, or are too many or too slow. */
async function* received(
  body: ReadableStream<Uint8Array>,
  limits: FeedLimits,
  signal: AbortSignal,
): AsyncGenerator<Uint8Array> {
  const reader = body.getReader();
  const cancel = () => void reader.cancel().catch(() => undefined);
  signal.addEventListener('abort', cancel, { once: true });
  const deadline = Date.now() + limits.totalMs;
  let late: string | undefined;
  try {
    for (;;) {
      const left = deadline - Date.now();
      const timer = setTimeout(
        () => {
          late =
            left < limits.stallMs
              ? `it was not whole after ${limits.totalMs / MINUTE_MS} min (LISTING_MAX_MINUTES)`
              : `it sent nothing for ${limits.stallMs / SECOND_MS} s (LISTING_STALL_SECONDS)`;
          cancel();
        },
        Math.max(0, Math.min(left, limits.stallMs)),
      );
      const next = await reader.read().finally(() => clearTimeout(timer));
      signal.throwIfAborted();
      if (late !== undefined) throw new FeedFault(late);
      if (next.done) return;
      yield next.value;
    }
  } catch (error) {
    signal.throwIfAborted();
    if (error instanceof FeedFault) throw error;
    throw new FeedFault(late ?? `it broke off: ${reasonOf(causeOf(error))}`);
  } finally {
    signal.removeEventListener('abort', cancel);
    cancel();
  }
}

const causeOf = (error: unknown) => (error instanceof Error && error.cause !== undefined ? error.cause : error);

/** A body's bytes, unpacked where they are a gzip file. What the answer's `content-encoding` says, `fetch` has undone. */
export async function* readBytes(
  body: ReadableStream<Uint8Array>,
  limits: FeedLimits,
  signal: AbortSignal,
): AsyncGenerator<Uint8Array> {
  const chunks = received(body, limits, signal);
  try {
    const first = await firstBytes(chunks, 2);
    const isGzip = first[0] === 0x1f && first[1] === 0x8b;
    let size = 0;
    for await (const chunk of isGzip ? unpacked(joined(first, chunks)) : joined(first, chunks)) {
      size += chunk.length;
      if (size > limits.bytes) throw new FeedFault(`it is larger than ${limits.bytes} bytes (LISTING_MAX_MEGABYTES)`);
      yield chunk;
    }
  } finally {
    await chunks.return(undefined);
  }
}

/** At least so many bytes, where there are so many. */
async function firstBytes(chunks: AsyncIterator<Uint8Array>, atLeast: number): Promise<Uint8Array> {
  let bytes = new Uint8Array();
  while (bytes.length < atLeast) {
    const next = await chunks.next();
    if (next.done) break;
    bytes = Buffer.concat([bytes, next.value]);
  }
  return bytes;
}

async function* joined(first: Uint8Array, rest: AsyncIterator<Uint8Array>): AsyncGenerator<Uint8Array> {
  if (first.length > 0) yield first;
  for (let next = await rest.next(); !next.done; next = await rest.next()) yield next.value;
}

async function* unpacked(packed: AsyncIterable<Uint8Array>): AsyncGenerator<Uint8Array> {
  const source = Readable.from(packed);
  const gunzip = createGunzip();
  source.on('error', (error) => gunzip.destroy(error));
  source.pipe(gunzip);
  try {
    for await (const chunk of gunzip) if (chunk instanceof Uint8Array) yield chunk;
  } catch (error) {
    if (error instanceof FeedFault || !(error instanceof Error) || !('code' in error)) throw error;
    throw new FeedFault(`it is no whole gzip file: ${error.message}`);
  } finally {
    source.destroy();
    gunzip.destroy();
  }
}
