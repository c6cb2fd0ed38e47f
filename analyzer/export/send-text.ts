import { type CsvFor, csvLine } from '@millrace/core/http/csv-line';
import type { Response } from '@millrace/core/http/route-table';
import { untilDrained } from '@millrace/core/http/until-drained';
import type { Stream } from '@millrace/core/schema/stream';
import type { PlacedEvent } from '../ask/placed-event.ts';

const PLACE = ['index', 'partition', 'offset', 'appended_at'] as const;

/** How a history is written as lines. */
export type TextFormat = {
  readonly type: string;
  readonly header: (stream: Stream) => string;
  readonly line: (stream: Stream) => (event: PlacedEvent) => string;
};

/** A line is the event as `GET /<stream>?index=` answers it. */
export const ndjson: TextFormat = {
  type: 'application/x-ndjson',
  header: () => '',
  line: () => (event) => `${JSON.stringify(event)}\n`,
};

/** The same values, each in a cell of its own; the place comes first. */
export const csv = csvFor('data');
/** With a mark before each cell that a spreadsheet would run as a formula. */
export const spreadsheetCsv = csvFor('spreadsheet');

function csvFor(reader: CsvFor): TextFormat {
  return {
    type: 'text/csv; charset=utf-8',
    header: ({ fields }) => csvLine([...PLACE.map((name) => `position_${name}`), ...fields.map(({ name }) => name)]),
    line: ({ fields }) => {
      const names = fields.map(({ name }) => name);
      return (event) =>
        csvLine([...PLACE.map((name) => event.position[name]), ...names.map((name) => event[name])], reader);
    },
  };
}

/**
 * Sends pages as they come, no faster than they are read; asks for no more of them once the client is gone. Nothing is sent before
 * the first page is there, so that a failure until then has a status of its own.
 */
export async function sendText(
  res: Response,
  stream: Stream,
  format: TextFormat,
  pages: AsyncIterable<readonly PlacedEvent[]>,
): Promise<void> {
  const line = format.line(stream);
  for await (const page of pages) {
    if (res.closed) return;
    if (!res.headersSent) res.write(format.header(stream));
    const more = res.write(page.map(line).join(''));
    if (!more) await untilDrained(res);
    if (res.closed) return;
  }
  res.end(res.headersSent ? '' : format.header(stream));
}
