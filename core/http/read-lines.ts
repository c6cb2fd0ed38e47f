import type { IncomingMessage } from 'node:http';
import { createBrotliDecompress, createGunzip, createInflate } from 'node:zlib';
import { Problem } from '../problem/problem.ts';
import { bodyAborted, bodyMalformed, bodyTooLarge, encodingOf, encodingUnknown } from './body-problems.ts';
import type { BodyLimits } from './read-body.ts';

const NEWLINE = 0x0a;
const BOM = Buffer.from('\uFEFF');

const inflaters = new Map([
  ['gzip', createGunzip],
  ['x-gzip', createGunzip],
  ['deflate', createInflate],
  ['br', createBrotliDecompress],
]);

/**
 * The lines of a body that hold more than space, as they arrive, without the byte-order mark that it may begin with: the body
 * is never held whole. Limits and errors are those of
 * readBody. A line is yielded before the rest has been seen, so nothing that can't be undone may follow from one alone.
 */
export async function* readLines(req: IncomingMessage, limits: BodyLimits): AsyncGenerator<Buffer> {
  let rest: Buffer[] = [];
  let isFirst = true;
  const lineOf = (end: Buffer): Buffer => {
    const line = rest.length === 0 ? end : Buffer.concat([...rest, end]);
    const isMarked = isFirst && line.subarray(0, BOM.length).equals(BOM);
    rest = [];
    isFirst = false;
    return isMarked ? line.subarray(BOM.length) : line;
  };
  for await (const chunk of readChunks(req, limits)) {
    let start = 0;
    for (;;) {
      if (rest.length === 0) start = skipSpace(chunk, start);
      const end = chunk.indexOf(NEWLINE, start);
      if (end < 0) break;
      const line = lineOf(chunk.subarray(start, end));
      start = end + 1;
      if (!isBlank(line)) yield line;
    }
    if (start < chunk.length) rest.push(chunk.subarray(start));
  }
  const last = lineOf(Buffer.alloc(0));
  if (!isBlank(last)) yield last;
}

/** Empty lines are skipped byte by byte: making a line of each of millions would take seconds. */
function skipSpace(chunk: Buffer, start: number): number {
  let at = start;
  while (at < chunk.length && isSpace(chunk[at])) at += 1;
  return at;
}

/** Stopping early leaves the connection whole, so that an answer can still be sent on it. */
async function* readChunks(req: IncomingMessage, { limitBytes, onBytes }: BodyLimits): AsyncGenerator<Buffer> {
  if (Number(req.headers['content-length'] ?? 0) > limitBytes) throw bodyTooLarge(limitBytes);
  const encoding = encodingOf(req.headers['content-encoding']);
  let size = 0;
  try {
    for await (const chunk of encoding === undefined ? chunksOf(req) : inflate(req, encoding)) {
      size += chunk.length;
      if (size > limitBytes) throw bodyTooLarge(limitBytes);
      onBytes?.(chunk.length);
      yield chunk;
    }
  } finally {
    req.unpipe().resume();
  }
}

function inflate(req: IncomingMessage, encoding: string): AsyncIterable<Buffer> {
  const create = inflaters.get(encoding);
  if (!create) throw encodingUnknown(encoding);
  const inflater = create();
  const abort = () => {
    if (!req.readableEnded) inflater.destroy(bodyAborted());
  };
  req.on('close', abort).on('error', abort);
  inflater.on('error', () => req.unpipe(inflater));
  return chunksOf(req.pipe(inflater), encoding);
}

async function* chunksOf(
  source: NodeJS.ReadableStream & Pick<IncomingMessage, 'iterator'>,
  encoding?: string,
): AsyncGenerator<Buffer> {
  try {
    yield* source.iterator({ destroyOnReturn: encoding !== undefined });
  } catch (cause) {
    if (cause instanceof Problem) throw cause;
    throw encoding === undefined ? bodyAborted(cause) : bodyMalformed(encoding, cause);
  }
}

const isSpace = (byte: number | undefined) => byte === 0x20 || byte === 0x0a || byte === 0x0d || byte === 0x09;
const isBlank = (line: Buffer): boolean => line.every(isSpace);
