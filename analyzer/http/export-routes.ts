import { createReadStream } from 'node:fs';
import { stat } from 'node:fs/promises';
import { pipeline } from 'node:stream/promises';
import { readOf } from '@millrace/core/access/access';
import { ownerOnly } from '@millrace/core/access/caller';
import { parseQuery, queryOf } from '@millrace/core/http/parse-query';
import type { Response, Route } from '@millrace/core/http/route-table';
import { Problem } from '@millrace/core/problem/problem';
import type { Stream } from '@millrace/core/schema/stream';
import { z } from 'zod';
import type { ReaderPool } from '../ask/reader-pool.ts';
import { readHistory } from '../export/read-history.ts';
import { csv, ndjson, sendText, spreadsheetCsv, type TextFormat } from '../export/send-text.ts';
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

const csvQuery = timeRange.extend({
  csv: z.enum(['data', 'spreadsheet'], { error: 'must be data or spreadsheet' }).default('data'),
});

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
    exported(stream, 'csv', csv.type, csvQuery, (res, { csv: reader, ...range }) =>
      asText(res, stream, reader === 'spreadsheet' ? spreadsheetCsv : csv, range),
    ),
    exported(stream, 'ndjson', ndjson.type, timeRange, (res, range) => asText(res, stream, ndjson, range)),
    exported(stream, 'parquet', 'application/vnd.apache.parquet', timeRange, async (res, range) => {
      const gone = new AbortController();
      res.once('close', () => gone.abort());
      await withParquet(historyOf(stream).table, range, gone.signal, (file) => sendFile(res, file));
    }),
  ]);

  async function asText(res: Response, stream: Stream, format: TextFormat, range: TimeRange): Promise<void> {
    if (textExports >= MOST_TEXT_EXPORTS)
      throw new Problem('saturated', `${MOST_TEXT_EXPORTS} exports are being sent already; try again later.`, {
        headers: { 'retry-after': '10' },
      });
    textExports += 1;
    try {
      await sendText(res, stream, format, readHistory(pages, historyOf(stream), range));
    } finally {
      textExports -= 1;
    }
  }
}

function exported<Shape extends z.core.$ZodShape>(
  stream: Stream,
  extension: string,
  type: string,
  parameters: z.ZodObject<Shape>,
  send: (res: Response, given: z.output<z.ZodObject<Shape>> & Pick<TimeRange, 'owner'>) => Promise<void>,
): Route {
  const name = `${stream.name}.${extension}`;
  return {
    method: 'get',
    path: `/export/${name}`,
    access: readOf(stream),
    handler: async (req, res) => {
      const given = parseQuery(parameters, queryOf(req.url));
      res.set({ 'content-type': type, 'content-disposition': `attachment; filename="${name}"` });
      if (req.method === 'HEAD') {
        res.end();
        return;
      }
      try {
        await send(res, { ...given, owner: ownerOnly(res.locals.caller, stream) });
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
