import { createHash } from 'node:crypto';
import { Readable } from 'node:stream';
import { pipeline } from 'node:stream/promises';
import { createGzip } from 'node:zlib';
import { type Exchange, sendJson } from '../frame/exchange.ts';
import type { Row } from '../frame/versioned-rows.ts';
import type { Vocabulary } from './base-plan.ts';
import { type Encoding, encodeText, encodings, markOf } from './encode-text.ts';
import { endlessRows, type ListingsData, type ListingsDataOptions } from './listings-data.ts';
import { writeFeed } from './write-feed.ts';

export type FeedOptions = Pick<ListingsDataOptions, 'seed' | 'today'>;

/** Bytes of one write: about what a socket takes at once. */
const WRITE_BYTES = 65_536;
const MAX_PLANS = 100_000_000;

/** Answers a feed: the data set, or `?plans=` or `?bytes=` generated as it is sent. */
export async function sendFeed(
  { url, headers, res }: Exchange,
  vocabulary: Vocabulary,
  data: ListingsData,
  options: FeedOptions,
): Promise<void> {
  const { searchParams } = url;
  const asked = searchParams.get('encoding') ?? 'UTF-8';
  const encoding = encodings.find((each) => each.toLowerCase() === asked.toLowerCase());
  if (!encoding) return sendJson(res, 400, { error: `encoding must be one of ${encodings.join(', ')}` });
  const plans = Number(searchParams.get('plans') ?? 0);
  const bytes = Number(searchParams.get('bytes') ?? 0);
  const isEndless = plans > 0 || bytes > 0;
  const etag = isEndless
    ? `"${options.seed}-${url.search.length}-${plans}-${bytes}"`
    : tagOf(writeFeed(vocabulary, data.rows(vocabulary), encoding));
  const modified = new Date(Math.floor(data.lastModified(vocabulary) / 1_000) * 1_000);
  const validators = { etag, 'last-modified': modified.toUTCString(), vary: 'accept-encoding' };
  if (isUnchanged(headers, etag, modified)) {
    res.writeHead(304, validators).end();
    return;
  }
  const rows: Iterable<Row> = isEndless
    ? endlessRows(vocabulary, { ...options, plans: plans > 0 ? plans : MAX_PLANS, dirt: false })
    : data.rows(vocabulary);
  const mark = searchParams.get('bom') === '1' || encoding.startsWith('UTF-16') ? markOf(encoding) : undefined;
  const source = Readable.from(encoded(writeFeed(vocabulary, rows, encoding), encoding, mark, bytes), {
    objectMode: false,
    highWaterMark: WRITE_BYTES,
  });
  const isGzipFile = searchParams.get('gzip') === 'file';
  const isGzip = searchParams.get('gzip') === '1' && /\bgzip\b/.test(String(headers['accept-encoding'] ?? ''));
  res.writeHead(200, {
    'content-type': isGzipFile ? 'application/gzip' : 'text/xml',
    ...validators,
    ...(isGzip ? { 'content-encoding': 'gzip' } : {}),
  });
  // A reader that goes away in the middle is its own business.
  await (isGzip || isGzipFile ? pipeline(source, createGzip(), res) : pipeline(source, res)).catch(() => undefined);
}

/** The feed's bytes in writes of a fair size; with `bytes`, base plans end once so many are written. */
function* encoded(
  texts: Iterable<string>,
  encoding: Encoding,
  mark: Buffer | undefined,
  bytes: number,
): Generator<Buffer> {
  if (mark) yield mark;
  let waiting = '';
  let written = 0;
  for (const text of texts) {
    const isBasePlan = text.startsWith('    <');
    if (bytes > 0 && isBasePlan && written >= bytes) break;
    waiting += text;
    if (waiting.length < WRITE_BYTES) continue;
    const piece = encodeText(waiting, encoding);
    written += piece.length;
    waiting = '';
    yield piece;
  }
  if (bytes > 0) waiting += `  </output>\n</${waiting.includes('base_event') ? 'eventList' : 'planList'}>\n`;
  yield encodeText(waiting, encoding);
}

function tagOf(texts: Iterable<string>): string {
  const hash = createHash('sha256');
  for (const text of texts) hash.update(text);
  return `"${hash.digest('base64url').slice(0, 20)}"`;
}

/** `If-None-Match` goes before `If-Modified-Since`, as RFC 9110 says. */
function isUnchanged(headers: Exchange['headers'], etag: string, modified: Date): boolean {
  const match = headers['if-none-match'];
  if (match !== undefined) return match === '*' || match.split(/\s*,\s*/).includes(etag);
  const since = Date.parse(headers['if-modified-since'] ?? '');
  return !Number.isNaN(since) && modified.getTime() <= since;
}
