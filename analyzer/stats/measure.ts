import type { Field } from '@millrace/core/schema/avro-type';
import type { Stream } from '@millrace/core/schema/stream';
import { quote } from '../store/stream-table.ts';
import { type AggregateName, aggregateNames, isAggregateName } from './aggregate-names.ts';
import { type Aggregate, aggregates, type Computed } from './aggregates.ts';
import { numberKind } from './number-kind.ts';

/** One aggregate asked for, such as `sum(distance)`, which is also its name in the answer. */
export type Measure = Computed & {
  readonly name: string;
  /** Of a percentile that is computed apart from the other aggregates. */
  readonly exactly: { readonly field: string; readonly percent: number } | undefined;
};

const SHAPE = /^([a-z0-9_]+)\((\w+)\)$/;

/** `count`, or a function of a field such as `p95(duration)`. */
export function parseMeasure(stream: Stream, name: string): Measure | { readonly fault: string } {
  if (name === 'count') return countOfAll;
  const [, operation = '', fieldName = ''] = SHAPE.exec(name) ?? [];
  if (!isAggregateName(operation))
    return {
      fault: `${JSON.stringify(name)} must be count, or one of ${aggregateNames.join(', ')} with a field, such as sum(distance)`,
    };
  const field = stream.fields.find((each) => each.name === fieldName);
  if (!field) return { fault: `${stream.name} has no field ${JSON.stringify(fieldName)}` };
  const why = whyNot(aggregates[operation], field);
  return why === undefined
    ? measureOf(stream, operation, field)
    : { fault: `${fieldName} ${why}, so ${operation} is not possible` };
}

/** Of an aggregate that the field allows. */
export function measureOf(stream: Stream, operation: AggregateName, field: Field): Measure {
  const aggregate = aggregates[operation];
  const kind = numberKind(field.type);
  const isExact = aggregate.percent !== undefined && (kind.name === 'long' || kind.name === 'decimal');
  return {
    name: `${operation}(${field.name})`,
    exactly: isExact ? { field: field.name, percent: aggregate.percent } : undefined,
    ...aggregate.compute({ column: quote(field.name), stream, type: field.type, kind }),
  };
}

const countOfAll: Measure = {
  name: 'count',
  exactly: undefined,
  quick: 'count(*)',
  careful: 'count(*)',
  toJson: Number,
  outOfRange: 'there are too many rows',
};

function whyNot({ of }: Aggregate, { type }: Field): string | undefined {
  const kind = numberKind(type);
  if (kind.name === 'vast') return 'may have more digits than can be computed with';
  if (of === 'numbers') return kind.name === 'none' ? 'is not a number' : undefined;
  return kind.isScalar ? undefined : 'has parts';
}
