import type { CsvFor } from '@millrace/core/http/csv-line';
import { bound, limit, order } from '@millrace/core/http/parameters';
import { invalidQuery, parseQuery } from '@millrace/core/http/parse-query';
import type { Stream } from '@millrace/core/schema/stream';
import { z } from 'zod';
import type { Table } from '../table/column.ts';
import { type CursorTypes, createCursor, type Position } from './cursor.ts';
import { cursorParameter, listName } from './cursor-parameter.ts';
import { dimensionFilter } from './dimension-filter.ts';
import { compileOwnedBy } from './owned-by.ts';

/** What a client asks of a stream's rows. */
export type RangeQuery = {
  /** Microseconds since the epoch; the range is half-open. */
  readonly from: bigint | undefined;
  readonly to: bigint | undefined;
  /** Dimensions and the conditions that pick their rows. */
  readonly filters: ReadonlyMap<string, string>;
  /** The condition that picks the rows of a caller who may read no others. */
  readonly owned?: string | undefined;
  readonly limit: number;
  readonly order: 'asc' | 'desc';
  readonly after: Position | undefined;
  readonly csvFor: CsvFor;
  /** The cursor that stands for a position in this very list. */
  readonly cursorAt: (position: Position) => string;
};

const RANGE = {
  start_timestamp: bound.optional(),
  end_timestamp: bound.optional(),
  limit,
  order: order('asc'),
  csv: z.enum(['data', 'spreadsheet'], { error: 'must be data or spreadsheet' }).default('data'),
};

/**
 * Compiles the reading of `GET <path>` parameters, of a caller who may read the rows of one owner alone where one is given. Throws
 * `invalid-parameter` with every fault at once.
 */
export function compileRangeQuery(
  stream: Stream,
  table: Table,
): (params: URLSearchParams, owner?: string) => RangeQuery {
  const dimensions = new Map(
    [stream.key, ...stream.dimensions]
      .filter(({ name }) => !(name in RANGE) && name !== 'cursor')
      .flatMap((field) => {
        const column = table.columns.find(({ name }) => name === field.name);
        return column ? [[field.name, dimensionFilter(field, column).optional()] as const] : [];
      }),
  );
  /** Of no cursor. The other schema is made for its list, which takes longer than reading the parameters. */
  const schema = z.object({ ...RANGE, cursor: z.undefined().optional(), ...Object.fromEntries(dimensions) });

  const types = cursorTypes(stream, table);
  const ownedBy = compileOwnedBy(stream, table);

  return (params, owner) => {
    const list = createCursor(listName(stream.name, params), types);
    const parsed = params.has('cursor')
      ? parseQuery(schema.extend({ cursor: cursorParameter(list) }), params)
      : parseQuery(schema, params);
    const { start_timestamp: from, end_timestamp: to, limit: most, order: by, csv: csvFor, cursor: after } = parsed;
    if (from !== undefined && to !== undefined && from > to)
      throw invalidQuery([{ pointer: '/query/end_timestamp', message: 'must not be before start_timestamp' }]);
    const filters = new Map(
      Object.entries(parsed).flatMap(([name, condition]) =>
        dimensions.has(name) && typeof condition === 'string' ? [[name, condition] as const] : [],
      ),
    );
    const owned = owner === undefined ? undefined : ownedBy(owner);
    return { from, to, filters, owned, limit: most, order: by, after, csvFor, cursorAt: list.write };
  };
}

/** Rows are listed by time and, among equal times, by the table's key. */
export function cursorTypes(stream: Stream, { columns, primaryKey: [primary] }: Table): CursorTypes {
  const typeOf = (name: string | undefined) => {
    const column = columns.find((each) => each.name === name);
    if (!column) throw new Error(`the table of ${stream.name} has no column ${name}`);
    return column.type;
  };
  return { time: typeOf(stream.time.name), key: typeOf(primary) };
}
