import { instant } from '@millrace/core/http/parameters';
import type { Stream } from '@millrace/core/schema/stream';
import { z } from 'zod';
import { quote } from '../store/stream-table.ts';

export const timeRange = z.object({ from: instant.optional(), to: instant.optional() });

/** Event times in milliseconds, half-open. */
export type TimeRange = z.output<typeof timeRange>;

/** Conditions on the stream's table, each with ` AND ` before it. */
export function inRange({ time }: Stream, { from, to }: TimeRange): string {
  const column = quote(time.name);
  const conditions = [
    ...(from === undefined ? [] : [`${column} >= epoch_ms(${from}::BIGINT)`]),
    ...(to === undefined ? [] : [`${column} < epoch_ms(${to}::BIGINT)`]),
  ];
  return conditions.map((condition) => ` AND ${condition}`).join('');
}
