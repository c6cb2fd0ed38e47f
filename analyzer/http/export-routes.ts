import { randomUUID } from 'node:crypto';
import { createReadStream } from 'node:fs';
import { mkdir, rm } from 'node:fs/promises';
import { join } from 'node:path';
import { pipeline } from 'node:stream/promises';
import { instant } from '@millrace/core/http/parameters';
import { parseQuery, queryOf } from '@millrace/core/http/parse-query';
import type { Route } from '@millrace/core/http/route-table';
import type { Stream } from '@millrace/core/schema/stream';
import { z } from 'zod';
import type { ReaderPool } from '../ask/reader-pool.ts';
import type { History } from '../store/open-history.ts';
import { quote } from '../store/stream-table.ts';

type ExportOptions = {
  readonly streams: readonly Stream[];
  readonly historyOf: (stream: Stream) => History;
  readonly pool: ReaderPool;
  readonly exportDir: string;
};

const FORMATS = {
  parquet: { options: 'FORMAT parquet, COMPRESSION zstd', type: 'application/vnd.apache.parquet' },
  csv: { options: "FORMAT csv, HEADER, TIMESTAMPFORMAT '%Y-%m-%dT%H:%M:%S.%gZ'", type: 'text/csv; charset=utf-8' },
  ndjson: { options: "FORMAT json, TIMESTAMPFORMAT '%Y-%m-%dT%H:%M:%S.%gZ'", type: 'application/x-ndjson' },
} as const;

/** Their names when a stream has no say in it: the place of an event beside its own fields. */
const PLACE = `"$position" AS position_index, "$partition" AS position_partition, "$offset" AS position_offset,
  "$appended_at" AS position_appended_at, * EXCLUDE ("$position", "$partition", "$offset", "$appended_at")`;

const exportQuery = z.object({ from: instant.optional(), to: instant.optional() });

/**
 * `GET /export/<stream>.parquet`, `.csv` and `.ndjson`: the history in order of its numbers, or the part of it with event
 * times from `from` up to `to`. DuckDB writes it to a file first, as fast as the disk goes; so a slow client holds no
 * snapshot open and no memory.
 */
export function exportRoutes({ streams, historyOf, pool, exportDir }: ExportOptions): Route[] {
  return streams.flatMap((stream) =>
    Object.entries(FORMATS).map(
      ([extension, { options, type }]): Route => ({
        method: 'get',
        path: `/export/${stream.name}.${extension}`,
        handler: async (req, res) => {
          const range = parseQuery(exportQuery, queryOf(req.url));
          const file = join(exportDir, `${randomUUID()}.${extension}`);
          await mkdir(exportDir, { recursive: true });
          try {
            const select = selectSql(stream, historyOf(stream).table.table, range);
            await pool.use((connection) =>
              connection.run(`COPY (${select}) TO '${file.replaceAll("'", "''")}' (${options})`),
            );
            res.set({
              'content-type': type,
              'content-disposition': `attachment; filename="${stream.name}.${extension}"`,
            });
            await pipeline(createReadStream(file), res);
          } finally {
            await rm(file, { force: true });
          }
        },
      }),
    ),
  );
}

function selectSql({ time }: Stream, table: string, { from, to }: z.output<typeof exportQuery>): string {
  const column = quote(time.name);
  const conditions = [
    ...(from === undefined ? [] : [`${column} >= epoch_ms(${from}::BIGINT)`]),
    ...(to === undefined ? [] : [`${column} < epoch_ms(${to}::BIGINT)`]),
  ];
  const where = conditions.length > 0 ? ` WHERE ${conditions.join(' AND ')}` : '';
  return `SELECT ${PLACE} FROM ${quote(table)}${where} ORDER BY "$position"`;
}
