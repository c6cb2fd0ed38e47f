import { createReadStream } from 'node:fs';
import { stat } from 'node:fs/promises';
import { pipeline } from 'node:stream/promises';
import { parseQuery, queryOf } from '@millrace/core/http/parse-query';
import type { Response, Route } from '@millrace/core/http/route-table';
import { Problem } from '@millrace/core/problem/problem';
import type { Stream } from '@millrace/core/schema/stream';
import type { ReaderPool } from '../ask/reader-pool.ts';
import { readHistory } from '../export/read-history.ts';
import { csv, ndjson, sendText } from '../export/send-text.ts';
import { type TimeRange, timeRange } from '../export/time-range.ts';
import { createWithParquet } from '../export/with-parquet.ts';
import type { History } from '../store/open-history.ts';

type ExportOptions = {
  readonly streams: readonly Stream[];
  readonly historyOf: (stream: Stream) => History;
  readonly pages: ReaderPool;
  readonly files: ReaderPool;
  readonly exportDir: string;
};

/** Each holds a page of rows in memory; those past it are refused. */
const MOST_TEXT_EXPORTS = 50;

/**
 * `GET /export/<stream>.parquet`, `.csv` and `.ndjson`: the history in order of its numbers, or the part of it with event
 * times from `from` up to `to`. Lines are sent as they are read. A Parquet file begins to arrive when it is whole: DuckDB
 * writes it to disk as fast as that goes, since a pipe straight to a slow client would hold a thread and a snapshot.
 */
export function exportRoutes({ streams, historyOf, pages, files, exportDir }: ExportOptions): Route[] {
  const withParquet = createWithParquet(files, exportDir);
  let textExports = 0;
  return streams.flatMap((stream) => [
    ...Object.entries({ csv, ndjson }).map(([extension, format]) =>
      exported(stream, extension, format.type, (res, range) =>
        asTextExport(() => sendText(res, stream, format, readHistory(pages, historyOf(stream), range))),
      ),
    ),
    exported(stream, 'parquet', 'application/vnd.apache.parquet', async (res, range) => {
      const gone = new AbortController();
      res.once('close', () => gone.abort());
      await withParquet(historyOf(stream).table, range, gone.signal, (file) => sendFile(res, file));
    }),
  ]);

  async function asTextExport(send: () => Promise<void>): Promise<void> {
    if (textExports >= MOST_TEXT_EXPORTS)
      throw new Problem('saturated', `${MOST_TEXT_EXPORTS} exports are being sent already; try again later.`, {
        headers: { 'retry-after': '10' },
      });
    textExports += 1;
    try {
      await send();
    } finally {
      textExports -= 1;
    }
  }
}

function exported(
  stream: Stream,
  extension: string,
  type: string,
  send: (res: Response, range: TimeRange) => Promise<void>,
): Route {
  const name = `${stream.name}.${extension}`;
  return {
    method: 'get',
    path: `/export/${name}`,
    handler: async (req, res) => {
      const range = parseQuery(timeRange, queryOf(req.url));
      res.set({ 'content-type': type, 'content-disposition': `attachment; filename="${name}"` });
      if (req.method === 'HEAD') {
        res.end();
        return;
      }
      try {
        await send(res, range);
      } finally {
        if (!res.headersSent) res.removeHeader('content-disposition');
      }
    },
  };
}

async function sendFile(res: Response, file: string): Promise<void> {
  res.set('content-length', String((await stat(file)).size));
  await pipeline(createReadStream(file), res).catch((error: unknown) => {
    if (!res.closed) throw error;
  });
}
