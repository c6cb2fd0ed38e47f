import { bound } from '@millrace/core/http/parameters';
import type { Stream } from '@millrace/core/schema/stream';
import { z } from 'zod';
import { ownedSql } from '../owner/owned-sql.ts';
import { instantSql } from '../store/instant-sql.ts';
import { quote } from '../store/stream-table.ts';

export const timeRange = z.object({ from: bound.optional(), to: bound.optional() });

/** Event times in microseconds, half-open. */
export type TimeRange = z.output<typeof timeRange> & {
  /** Whose events alone. */
  readonly owner?: string | undefined;
};

/** Conditions on the stream's table, each with ` AND ` before it. */
export function inRange(stream: Stream, { from, to, owner }: TimeRange): string {
  const column = quote(stream.time.name);
  const conditions = [
    ...(from === undefined ? [] : [`${column} >= ${instantSql(from)}`]),
    ...(to === undefined ? [] : [`${column} < ${instantSql(to)}`]),
    ...(owner === undefined ? [] : [ownedSql(stream, owner)]),
  ];
  return conditions.map((condition) => ` AND ${condition}`).join('');
}
