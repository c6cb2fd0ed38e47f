import { instant, limit, order } from '@millrace/core/http/parameters';
import { parseQuery } from '@millrace/core/http/parse-query';
import { Problem } from '@millrace/core/problem/problem';
import type { Stream } from '@millrace/core/schema/stream';
import { z } from 'zod';
import type { Table } from '../table/column.ts';
import { createCursor, type Place } from './cursor.ts';
import { cursorParameter, listName } from './cursor-parameter.ts';
import { dimensionFilter } from './dimension-filter.ts';

/** What a client asks of a stream's rows. */
export type RangeQuery = {
  /** Milliseconds since the epoch; the range is half-open. */
  readonly from: number | undefined;
  readonly to: number | undefined;
  /** Dimensions and the literals they must equal. */
  readonly filters: ReadonlyMap<string, string>;
  readonly limit: number;
  readonly order: 'asc' | 'desc';
  readonly after: Place | undefined;
  /** The cursor that stands for a place in this very list. */
  readonly cursorAt: (place: Place) => string;
};

const RANGE = { start_timestamp: instant.optional(), end_timestamp: instant.optional(), limit, order: order('asc') };

/** Compiles the reading of `GET <path>` parameters; throws `invalid-parameter` with every fault at once. */
export function compileRangeQuery(stream: Stream, table: Table): (params: URLSearchParams) => RangeQuery {
  const dimensions = new Map(
    [stream.key, ...stream.dimensions]
      .filter(({ name }) => !(name in RANGE) && name !== 'cursor')
      .flatMap((field) => {
        const column = table.columns.find(({ name }) => name === field.name);
        return column ? [[field.name, dimensionFilter(field, column).optional()] as const] : [];
      }),
  );
  const schema = z.object({ ...RANGE, cursor: z.string().optional(), ...Object.fromEntries(dimensions) });

  return (params) => {
    const list = createCursor(listName(stream.name, params));
    const withCursor = schema.extend({ cursor: cursorParameter(list).optional() });
    const parsed = parseQuery(withCursor, params);
    const { start_timestamp: from, end_timestamp: to, limit: most, order: by, cursor: after } = parsed;
    if (from !== undefined && to !== undefined && from > to)
      throw new Problem('invalid-parameter', 'Not acceptable: end_timestamp.', {
        errors: [{ pointer: '/query/end_timestamp', message: 'must not be before start_timestamp' }],
      });
    const filters = new Map(
      Object.entries(parsed).flatMap(([name, literal]) =>
        dimensions.has(name) && typeof literal === 'string' ? [[name, literal] as const] : [],
      ),
    );
    return { from, to, filters, limit: most, order: by, after, cursorAt: list.write };
  };
}
