import { csvLine } from '@millrace/core/http/csv-line';
import type { Response } from '@millrace/core/http/route-table';
import { untilDrained } from '@millrace/core/http/until-drained';
import type { RangeQuery } from './range-query.ts';
import type { Json, Rows } from './read-rows.ts';

export type Format = 'application/x-ndjson' | 'text/csv';

const PAGE_ROWS = 1_000;

/**
 * Answers a whole range, page by page: memory is bounded for any length, rows that arrive meanwhile never shift it, and a
 * client that reads slowly or goes away is waited for or left.
 */
export async function streamRange(rows: Rows, query: RangeQuery, format: Format, res: Response): Promise<void> {
  const line =
    format === 'text/csv'
      ? (row: Json) =>
          csvLine(
            rows.columns.map((name) => row[name]),
            query.csvFor,
          )
      : ndjsonLine;
  let page = await rows.page({ ...query, limit: PAGE_ROWS });
  res.status(200).set('content-type', format === 'text/csv' ? 'text/csv; charset=utf-8' : format);
  if (format === 'text/csv') res.write(csvLine(rows.columns));
  for (;;) {
    const more = res.write(page.rows.map(line).join('') || '');
    if (!more) await untilDrained(res);
    if (res.closed) return;
    if (page.next === undefined) break;
    page = await rows.page({ ...query, limit: PAGE_ROWS, after: page.next });
  }
  res.end();
}

const ndjsonLine = (row: Json) => `${JSON.stringify(row)}\n`;
