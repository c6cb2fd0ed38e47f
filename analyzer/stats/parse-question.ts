import type { DuckDBValue } from '@duckdb/node-api';
import { bound, limit, repeated, wholeNumber } from '@millrace/core/http/parameters';
import { invalidQuery, parseQuery } from '@millrace/core/http/parse-query';
import type { Fault } from '@millrace/core/problem/problem';
import type { Field } from '@millrace/core/schema/avro-type';
import { compileFromText } from '@millrace/core/schema/from-text';
import type { Stream } from '@millrace/core/schema/stream';
import { z } from 'zod';
import { compileToDuck } from '../store/to-duck.ts';
import { isTimeZone } from './is-time-zone.ts';
import { type Measure, parseMeasure } from './measure.ts';
import { type Window, windows } from './window.ts';

/** What is asked of one stream's statistics, checked against its schema. */
export type Question = {
  readonly stream: Stream;
  readonly measures: readonly Measure[];
  readonly groupBy: readonly Field[];
  readonly window: Window | undefined;
  /** An IANA time zone: where days, weeks and months begin. */
  readonly timezone: string;
  /** Event time, half-open, in microseconds. */
  readonly from: bigint | undefined;
  readonly to: bigint | undefined;
  /** A field is one of these values. */
  readonly filters: readonly Filter[];
  /** Whose events alone: the `sub` of a token that may read no others. */
  readonly owner: string | undefined;
  readonly orderBy: { readonly column: string; readonly descending: boolean } | undefined;
  readonly limit: number;
  readonly cursor: string | undefined;
  readonly comparePrevious: boolean;
  readonly maxLag: number | undefined;
  /** The same for each page of one answer. */
  readonly identity: string;
};

type Filter = { readonly field: Field; readonly values: readonly DuckDBValue[] };

const text = z.string();

const parameters = {
  stream: text,
  measure: repeated(text),
  group_by: repeated(text),
  window: z.enum(windows, { error: `must be one of ${windows.join(', ')}` }).optional(),
  timezone: text.refine(isTimeZone, { error: 'must be an IANA time zone such as America/Toronto' }).default('UTC'),
  from: bound.optional(),
  to: bound.optional(),
  order_by: text.optional(),
  limit,
  cursor: text.optional(),
  compare: z.literal('previous', { error: 'must be previous' }).optional(),
  max_lag: wholeNumber({ min: 0 }).optional(),
};

/** What may differ between the pages of one answer. */
const PAGE_PARAMETERS = new Set(['limit', 'cursor', 'max_lag']);

/**
 * Throws one `invalid-parameter` with every fault.
 * @param streams those that the caller may ask about
 * @param ownerOf whose events alone the caller may ask about; undefined means everybody's
 */
export function parseQuestion(
  streams: readonly Stream[],
  query: URLSearchParams,
  ownerOf: (stream: Stream) => string | undefined = () => undefined,
): Question {
  const stream = streams.find(({ name }) => name === query.get('stream'));
  if (!stream)
    throw invalidQuery([
      { pointer: '/query/stream', message: `must be one of ${streams.map(({ name }) => name).join(', ')}` },
    ]);
  const dimensions = stream.dimensions.filter(({ name }) => !Object.hasOwn(parameters, name));
  const filterNames = new Map(dimensions.map(({ name }) => [name, repeated(text)]));
  const given = parseQuery(z.object({ ...Object.fromEntries(filterNames), ...parameters }), query);
  const faults: Fault[] = [];
  const filters = dimensions.flatMap((field) => filterOf(field, query.getAll(field.name), faults));
  const measures = once('measure', given.measure, faults).flatMap((each) => {
    const measure = parseMeasure(stream, each);
    if ('fault' in measure) faults.push({ pointer: '/query/measure', message: measure.fault });
    return 'fault' in measure ? [] : [measure];
  });
  const groupBy = once('group_by', given.group_by, faults).flatMap((name) => {
    const field = stream.dimensions.find((each) => each.name === name);
    if (!field)
      faults.push({
        pointer: '/query/group_by',
        message: `must be one of ${stream.dimensions.map((each) => each.name).join(', ')}`,
      });
    return field ?? [];
  });
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
  if (faults.length > 0) throw invalidQuery(faults);
  const owner = ownerOf(stream);
  return {
    ...{ stream, measures: measures.filter(({ name }) => name !== 'count'), groupBy, filters },
    ...{ window: given.window, timezone: given.timezone, from: given.from, to: given.to },
    ...{ limit: given.limit, cursor: given.cursor, maxLag: given.max_lag },
    orderBy: column === undefined ? undefined : { column, descending: given.order_by?.startsWith('-') === true },
    comparePrevious: given.compare === 'previous',
    owner,
    identity: JSON.stringify([owner, ...[...query].filter(([name]) => !PAGE_PARAMETERS.has(name)).sort()]),
  };
}

function filterOf(field: Field, texts: readonly string[], faults: Fault[]): Filter[] {
  if (texts.length === 0) return [];
  const [fromText, toDuck] = [compileFromText(field), compileToDuck(field.type)];
  const values = texts.flatMap((each) => {
    const read = fromText(each);
    if ('value' in read) return [toDuck(read.value)];
    faults.push({ pointer: `/query/${field.name}`, message: read.fault });
    return [];
  });
  return [{ field, values }];
}

/** The names; one that is given more than once is a fault. */
function once(parameter: string, names: readonly string[], faults: Fault[]): string[] {
  const all = [...new Set(names)];
  for (const name of all)
    if (names.filter((each) => each === name).length > 1)
      faults.push({ pointer: `/query/${parameter}`, message: `${JSON.stringify(name)} must be given only once` });
  return all;
}
