import { DuckDBStructValue, type DuckDBValue } from '@duckdb/node-api';
import { formatDecimal } from '@millrace/core/schema/decimal';
import { quote } from '../store/stream-table.ts';
import { trimmedTo } from './exact-number.ts';

/** Names of columns that stand for one window and group. */
type Keys = readonly string[];

/** A subquery with a row for each window and group, with the keys and one column for each of the percents. */
type Percentiles = {
  /** The rows: `SELECT <keys>, <values> AS "$value" FROM …`, no value being null. */
  readonly rows: string;
  readonly keys: Keys;
  readonly percents: readonly number[];
};

export const percentileColumn = (percent: number) => quote(`$p${percent}`);

/**
 * Percentiles of whole numbers and decimals, exact where DuckDB's own go by way of doubles. One pass finds for each a value of a
 * rank next to the wanted one, the second its neighbours; then the two values of the wanted ranks are interpolated in whole
 * numbers. The value is `whole` units of the last digit and `rest` hundredths of one; such structs sort as the values do.
 */
export function percentilesSql({ rows, keys, percents }: Percentiles): string {
  const own = keys.map((key) => `each.${key}`);
  const found = percents.map((percent) => `quantile_disc("$value", ${percent / 100}) AS "$at${percent}"`);
  const near = percents.flatMap((percent) => {
    const at = `found."$at${percent}"`;
    return [
      `count(*) FILTER (each."$value" < ${at}) AS "$below${percent}"`,
      `count(*) FILTER (each."$value" = ${at}) AS "$same${percent}"`,
      `max(each."$value") FILTER (each."$value" < ${at}) AS "$before${percent}"`,
      `any_value(${at}) AS "$at${percent}"`,
      `min(each."$value") FILTER (each."$value" > ${at}) AS "$after${percent}"`,
    ];
  });
  const by = keys.length > 0 ? ` GROUP BY ${keys.join(', ')}` : '';
  const byOwn = keys.length > 0 ? ` GROUP BY ${own.join(', ')}` : '';
  const ranked = `SELECT ${[...own, 'count(*) AS "$count"', ...near].join(', ')} FROM (${rows}) each
    JOIN (SELECT ${[...keys, ...found].join(', ')} FROM (${rows})${by}) found ON ${sameKeys(keys, 'each', 'found')}${byOwn}`;
  const values = percents.map((percent) => `${interpolated(percent)} AS ${percentileColumn(percent)}`);
  return `SELECT ${[...keys, ...values].join(', ')} FROM (${ranked})`;
}

export const sameKeys = (keys: Keys, one: string, other: string): string =>
  keys.length > 0 ? keys.map((key) => `${one}.${key} IS NOT DISTINCT FROM ${other}.${key}`).join(' AND ') : 'true';

/**
 * Between the values of the ranks on either side of `(count - 1) * percent / 100`, in proportion. Values are taken apart into
 * hundreds and the rest, so that no product has more digits than fit.
 */
function interpolated(percent: number): string {
  const rank = `(("$count" - 1) * ${percent} // 100)`;
  const share = `(("$count" - 1) * ${percent} % 100)`;
  const [low, high] = [rank, `(${rank} + CASE WHEN ${share} > 0 THEN 1 ELSE 0 END)`].map((at) =>
    unscaled(atRank(at, percent)),
  );
  const hundreds = `(${low} // 100 * (100 - ${share}) + ${high} // 100 * ${share})`;
  const rest = `(${low} % 100 * (100 - ${share}) + ${high} % 100 * ${share})`;
  const hundredths = `((${rest} % 100 + 100) % 100)`;
  return `CASE WHEN "$count" > 0 THEN {'whole': ${hundreds} + (${rest} - ${hundredths}) // 100, 'rest': ${hundredths}} END`;
}

const atRank = (rank: string, percent: number) =>
  `CASE WHEN ${rank} < "$below${percent}" THEN "$before${percent}"
    WHEN ${rank} < "$below${percent}" + "$same${percent}" THEN "$at${percent}" ELSE "$after${percent}" END`;

/** A whole number, or a decimal in units of its last digit: the digits of its text. */
const unscaled = (value: string) => `replace((${value})::VARCHAR, '.', '')::HUGEINT`;

/** A percentile as the text of a decimal, of values with `scale` digits after the point. */
export function percentileText(value: DuckDBValue, scale: number): string | null {
  if (!(value instanceof DuckDBStructValue)) return null;
  const hundredths = BigInt(String(value.entries.whole)) * 100n + BigInt(String(value.entries.rest));
  return trimmedTo(scale, formatDecimal(hundredths, scale + 2));
}
