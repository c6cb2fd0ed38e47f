import { instant, limit, repeated, wholeNumber } from '@millrace/core/http/parameters';
import { parseQuery } from '@millrace/core/http/parse-query';
import { type Fault, Problem } from '@millrace/core/problem/problem';
import type { Field } from '@millrace/core/schema/avro-type';
import type { Stream } from '@millrace/core/schema/stream';
import { z } from 'zod';
import { isFilterValue } from './is-filter-value.ts';
import { type Measure, parseMeasure } from './measure.ts';

export const windows = ['1m', '1h', '1d', '1w', '1mo'] as const;
export type Window = (typeof windows)[number];

/** What is asked of one stream's statistics, checked against its schema. */
export type Question = {
  readonly stream: Stream;
  readonly measures: readonly Measure[];
  readonly groupBy: readonly Field[];
  readonly window: Window | undefined;
  /** An IANA time zone: where days, weeks and months begin. */
  readonly timezone: string;
  /** Event time, half-open, in milliseconds. */
  readonly from: number | undefined;
  readonly to: number | undefined;
  /** A field is one of these values. */
  readonly filters: readonly { readonly field: Field; readonly values: readonly string[] }[];
  readonly orderBy: { readonly column: string; readonly descending: boolean } | undefined;
  readonly limit: number;
  readonly comparePrevious: boolean;
  readonly maxLag: number | undefined;
};

const text = z.string();

const parameters = {
  stream: text,
  measure: repeated(text),
  group_by: repeated(text),
  window: z.enum(windows, { error: `must be one of ${windows.join(', ')}` }).optional(),
  timezone: text.refine(isTimeZone, { error: 'must be an IANA time zone such as America/Toronto' }).default('UTC'),
  from: instant.optional(),
  to: instant.optional(),
  order_by: text.optional(),
  limit,
  compare: z.literal('previous', { error: 'must be previous' }).optional(),
  max_lag: wholeNumber({ min: 0 }).optional(),
};

/** Throws one `invalid-parameter` with every fault. */
export function parseQuestion(streams: readonly Stream[], query: URLSearchParams): Question {
  const stream = streams.find(({ name }) => name === query.get('stream'));
  if (!stream)
    throw refused([
      { pointer: '/query/stream', message: `must be one of ${streams.map(({ name }) => name).join(', ')}` },
    ]);
  const dimensions = stream.dimensions.filter(({ name }) => !(name in parameters));
  const filterShape = Object.fromEntries(dimensions.map(({ name }) => [name, repeated(text)]));
  const { filters, ...given } = splitFilters(
    parseQuery(z.object({ ...filterShape, ...parameters }), query),
    dimensions,
  );
  const faults: Fault[] = [];
  const measures = given.measure.flatMap((each) => {
    const measure = parseMeasure(stream, each);
    if ('fault' in measure) faults.push({ pointer: '/query/measure', message: measure.fault });
    return 'fault' in measure ? [] : [measure];
  });
  const groupBy = given.group_by.flatMap((name) => {
    const field = stream.dimensions.find((each) => each.name === name);
    if (!field)
      faults.push({
        pointer: '/query/group_by',
        message: `must be one of ${stream.dimensions.map((each) => each.name).join(', ')}`,
      });
    return field ?? [];
  });
  for (const { field, values } of filters)
    for (const value of values)
      if (!isFilterValue(field.type, value))
        faults.push({ pointer: `/query/${field.name}`, message: `${JSON.stringify(value)} is no value of this field` });
  const columns = [
    ...(given.window ? ['window_start'] : []),
    ...groupBy.map(({ name }) => name),
    ...measures.map(({ name }) => name),
    'count',
  ];
  const column = given.order_by?.replace(/^-/, '');
  if (column !== undefined && !columns.includes(column))
    faults.push({
      pointer: '/query/order_by',
      message: `must be one of ${columns.join(', ')}, with a - before it for descending`,
    });
  if (given.from !== undefined && given.to !== undefined && given.from >= given.to)
    faults.push({ pointer: '/query/to', message: 'must be after from' });
  if (given.compare && !given.window && (given.from === undefined || given.to === undefined))
    faults.push({ pointer: '/query/compare', message: 'needs a window, or both from and to' });
  if (faults.length > 0) throw refused(faults);
  return {
    ...{ stream, measures, groupBy, filters },
    ...{ window: given.window, timezone: given.timezone, from: given.from, to: given.to, limit: given.limit },
    orderBy: column === undefined ? undefined : { column, descending: given.order_by?.startsWith('-') === true },
    comparePrevious: given.compare === 'previous',
    maxLag: given.max_lag,
  };
}

type Given = z.output<z.ZodObject<typeof parameters>>;

function splitFilters(given: Given & Record<string, unknown>, dimensions: readonly Field[]) {
  const filters = dimensions.flatMap((field) => {
    const values = z.array(text).parse(given[field.name]);
    return values.length > 0 ? [{ field, values }] : [];
  });
  return { ...given, filters };
}

function isTimeZone(name: string): boolean {
  try {
    return Boolean(new Intl.DateTimeFormat('en', { timeZone: name }));
  } catch {
    return false;
  }
}

function refused(errors: readonly Fault[]): Problem {
  const names = [...new Set(errors.map(({ pointer }) => pointer.slice('/query/'.length)))].join(', ');
  return new Problem('invalid-parameter', `Not acceptable: ${names}.`, { errors });
}
