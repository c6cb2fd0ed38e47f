import { bound } from '@millrace/core/http/parameters';
import type { Stream } from '@millrace/core/schema/stream';
import { z } from 'zod';
import { quote } from '../store/stream-table.ts';

export const timeRange = z.object({ from: bound.optional(), to: bound.optional() });

/** Event times in microseconds, half-open. */
export type TimeRange = z.output<typeof timeRange>;

/** Conditions on the stream's table, each with ` AND ` before it. */
export function inRange({ time }: Stream, { from, to }: TimeRange): string {
  const column = quote(time.name);
  const conditions = [
    ...(from === undefined ? [] : [`${column} >= make_timestamp(${from}::BIGINT)`]),
    ...(to === undefined ? [] : [`${column} < make_timestamp(${to}::BIGINT)`]),
  ];
  return conditions.map((condition) => ` AND ${condition}`).join('');
}
