import { createReadStream } from 'node:fs';
import { stat } from 'node:fs/promises';
import { pipeline } from 'node:stream/promises';
import { parseQuery, queryOf } from '@millrace/core/http/parse-query';
import type { Route } from '@millrace/core/http/route-table';
import type { Stream } from '@millrace/core/schema/stream';
import type { ReaderPool } from '../ask/reader-pool.ts';
import { readHistory } from '../export/read-history.ts';
import { csv, ndjson, sendText } from '../export/send-text.ts';
import { timeRange } from '../export/time-range.ts';
import { createWithParquet } from '../export/with-parquet.ts';
import type { History } from '../store/open-history.ts';

type Response = Parameters<Route['handler']>[1];

type ExportOptions = {
  readonly streams: readonly Stream[];
  readonly historyOf: (stream: Stream) => History;
  readonly pool: ReaderPool;
  readonly exportDir: string;
};

/**
 * `GET /export/<stream>.parquet`, `.csv` and `.ndjson`: the history in order of its numbers, or the part of it with event
 * times from `from` up to `to`. Lines are sent as they are read. A Parquet file begins to arrive when it is whole: DuckDB
 * writes it to disk as fast as that goes, since a pipe straight to a slow client would hold a thread and a snapshot.
 */
export function exportRoutes({ streams, historyOf, pool, exportDir }: ExportOptions): Route[] {
  const withParquet = createWithParquet(pool, exportDir);
  return streams.flatMap((stream) => [
    ...Object.entries({ csv, ndjson }).map(([extension, format]) =>
      exported(stream, extension, format.type, (res, range) =>
        sendText(res, stream, format, readHistory(pool, historyOf(stream), range)),
      ),
    ),
    exported(stream, 'parquet', 'application/vnd.apache.parquet', async (res, range) => {
      const gone = new AbortController();
      res.once('close', () => gone.abort());
      await withParquet(historyOf(stream).table, range, gone.signal, (file) => sendFile(res, file));
    }),
  ]);
}

function exported(
  stream: Stream,
  extension: string,
  type: string,
  send: (res: Response, range: ReturnType<typeof timeRange.parse>) => Promise<void>,
): Route {
  const name = `${stream.name}.${extension}`;
  return {
    method: 'get',
    path: `/export/${name}`,
    handler: async (req, res) => {
      const range = parseQuery(timeRange, queryOf(req.url));
      res.set({ 'content-type': type, 'content-disposition': `attachment; filename="${name}"` });
      if (req.method === 'HEAD') res.end();
      else await send(res, range);
    },
  };
}

async function sendFile(res: Response, file: string): Promise<void> {
  res.set('content-length', String((await stat(file)).size));
  await pipeline(createReadStream(file), res).catch((error: unknown) => {
    if (!res.closed) throw error;
  });
}
