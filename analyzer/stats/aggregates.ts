import { DuckDBDecimalValue, DuckDBStructValue, type DuckDBValue } from '@duckdb/node-api';
import type { AvroType } from '@millrace/core/schema/avro-type';
import { formatDecimal } from '@millrace/core/schema/decimal';
import { shortestFloat } from '@millrace/core/schema/shortest-float';
import type { Stream } from '@millrace/core/schema/stream';
import { compileFromDuck } from '../store/from-duck.ts';
import { quote } from '../store/stream-table.ts';
import type { AggregateName } from './aggregate-names.ts';
import { exactNumber } from './exact-number.ts';
import type { NumberKind } from './number-kind.ts';
import { percentileText } from './percentile.ts';
import { settled } from './settled.ts';

/** What is computed over the rows of a window and group. */
export type Computed = {
  /** SQL that is quick, but may fail, or overflow on the way to a value that there is. */
  readonly quick: string;
  /** SQL that never fails, and leaves out values that are no finite numbers. */
  readonly careful: string;
  /** The value as it is answered: null where there is nothing to compute from, undefined where it is out of range. */
  readonly toJson: (value: DuckDBValue) => unknown;
  /** Why it may be out of range. */
  readonly outOfRange: string;
};

type Of = {
  readonly column: string;
  readonly stream: Stream;
  readonly type: AvroType;
  readonly kind: NumberKind;
};

export type Aggregate = {
  readonly of: 'numbers' | 'anything';
  readonly percent?: number;
  readonly compute: (of: Of) => Computed;
};

/** A power of two: scaling by it is exact, and no sum of that many doubles overflows. */
const SCALE = '18446744073709551616.0::DOUBLE';
/** Half the digits of a decimal. */
const HALF = '10000000000000000000::HUGEINT';
const MOST_DIGITS = 10n ** 38n;
const isFloating = ({ name }: NumberKind) => name === 'float' || name === 'double';

/** Rows are in order of event time, then number, for those to which order matters. */
const inOrder = ({ time }: Stream, descending = '') =>
  `ORDER BY ${quote(time.name)}${descending}, "$position"${descending}`;

/** Of floating-point values, those that are finite: others were written by foreign producers. */
const finite = ({ column, kind }: Of) => (isFloating(kind) ? ` FILTER (isfinite(${column}))` : '');

function sum(of: Of): Computed {
  const { column, kind } = of;
  if (isFloating(kind))
    return {
      quick: `fsum(${column})`,
      careful: `fsum(${column} / ${SCALE})${finite(of)} * ${SCALE}`,
      toJson: computedDouble,
      outOfRange: 'the sum is beyond the range of a double',
    };
  if (kind.name === 'decimal')
    return {
      quick: `sum(${column})`,
      careful: sumInHalves(column),
      toJson: (value) => sumText(value, kind.scale),
      outOfRange: 'the sum has more than 38 digits',
    };
  return { ...wholeNumbers, quick: `sum(${column})`, careful: `sum(${column})` };
}

/** Floating-point sums are compensated (Kahan), so that rows in another order do not show in the digits. */
function avg(of: Of): Computed {
  const { column, kind } = of;
  return {
    quick: `${isFloating(kind) ? 'fsum' : 'sum'}(${column})::DOUBLE / count(${column})`,
    careful: `fsum(${column}::DOUBLE / ${SCALE})${finite(of)} / count(${column})${finite(of)} * ${SCALE}`,
    toJson: computedDouble,
    outOfRange: 'the mean is beyond the range of a double',
  };
}

const wholeNumbers = {
  toJson: (value: DuckDBValue) => (value === null ? null : exactNumber(String(value))),
  outOfRange: 'there are too many rows',
};

const count =
  (distinct: string) =>
  ({ column }: Of): Computed => ({
    ...wholeNumbers,
    quick: `count(${distinct}${column})`,
    careful: `count(${distinct}${column})`,
  });

/** One of the values. */
const picked =
  (sql: (of: Of) => string) =>
  (of: Of): Computed => {
    const fromDuck = compileFromDuck(of.type);
    return {
      quick: sql(of),
      careful: sql(of) + finite(of),
      toJson: (value) => inRange(fromDuck(value)),
      outOfRange: 'the value is no finite number',
    };
  };

function percentile(percent: number): Aggregate {
  return {
    of: 'numbers',
    percent,
    compute(of) {
      const { kind } = of;
      if (kind.name === 'decimal') return exactPercentile((value) => percentileText(value, kind.scale));
      if (kind.name === 'long')
        return exactPercentile((value) => {
          const text = percentileText(value, 0);
          return text === null ? null : exactNumber(text);
        });
      return interpolatedPercentile(percent, of);
    },
  };
}

/** Its SQL is in a query of its own, see `percentile.ts`. */
const exactPercentile = (toJson: Computed['toJson']): Computed => ({
  ...{ quick: '', careful: '', toJson },
  outOfRange: 'the value has too many digits',
});

/**
 * Beside the value whether it is one of the values, which no rounding may change, and the least and the greatest of them,
 * which rounding may not pass.
 */
function interpolatedPercentile(percent: number, of: Of): Computed {
  const { column, kind } = of;
  const struct = (value: string, filter: string) =>
    `CASE WHEN count(${column})${filter} > 0 THEN {'value': ${value}, 'is_one': (count(${column})${filter} - 1) * ${percent} % 100 = 0,
      'least': min(${column})${filter}::DOUBLE, 'most': max(${column})${filter}::DOUBLE} END`;
  const quantile = (value: string) => `quantile_cont(${value}, ${percent / 100})`;
  return {
    quick: struct(quantile(`${column}::DOUBLE`), ''),
    careful: struct(`${quantile(`${column}::DOUBLE / 4`)}${finite(of)} * 4`, finite(of)),
    toJson(given) {
      if (!(given instanceof DuckDBStructValue)) return null;
      const [value = Number.NaN, least = 0, most = 0] = ['value', 'least', 'most'].map((name) =>
        Number(given.entries[name]),
      );
      if (!Number.isFinite(value)) return undefined;
      if (kind.name === 'float') return shortestFloat(Math.fround(value));
      return given.entries.is_one === true ? value : Math.min(most, Math.max(least, Number(settled(value))));
    },
    outOfRange: 'the value is beyond the range of a double',
  };
}

const computedDouble = (value: DuckDBValue) => settled(inRange(value));

const inRange = (value: unknown) => (typeof value === 'number' && !Number.isFinite(value) ? undefined : value);

/** The two halves of the digits apart; structs of them sort as the sums do. */
function sumInHalves(column: string): string {
  const digits = `replace(${column}::VARCHAR, '.', '')::HUGEINT`;
  const [high, low] = [`sum(${digits} // ${HALF})`, `sum(${digits} % ${HALF})`];
  const rest = `((${low} % ${HALF} + ${HALF}) % ${HALF})`;
  return `CASE WHEN count(${column}) > 0 THEN {'high': ${high} + (${low} - ${rest}) // ${HALF}, 'low': ${rest}} END`;
}

function sumText(value: DuckDBValue, scale: number): string | null | undefined {
  const digits = sumDigits(value);
  if (digits === null) return null;
  return digits < MOST_DIGITS && digits > -MOST_DIGITS ? formatDecimal(digits, scale) : undefined;
}

function sumDigits(value: DuckDBValue): bigint | null {
  if (value instanceof DuckDBDecimalValue) return value.value;
  if (!(value instanceof DuckDBStructValue)) return null;
  return BigInt(String(value.entries.high)) * 10n ** 19n + BigInt(String(value.entries.low));
}

export const aggregates: Readonly<Record<AggregateName, Aggregate>> = {
  count: { of: 'anything', compute: count('') },
  sum: { of: 'numbers', compute: sum },
  avg: { of: 'numbers', compute: avg },
  min: { of: 'anything', compute: picked(({ column }) => `min(${column})`) },
  max: { of: 'anything', compute: picked(({ column }) => `max(${column})`) },
  p50: percentile(50),
  p95: percentile(95),
  p99: percentile(99),
  count_distinct: { of: 'anything', compute: count('DISTINCT ') },
  first: { of: 'anything', compute: picked(({ column, stream }) => `first(${column} ${inOrder(stream)})`) },
  last: { of: 'anything', compute: picked(({ column, stream }) => `first(${column} ${inOrder(stream, ' DESC')})`) },
};
