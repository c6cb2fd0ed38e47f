import { textLiteral } from '@millrace/core/database/sql-literal';
import { bound } from '@millrace/core/http/parameters';
import type { Field } from '@millrace/core/schema/avro-type';
import { boundMillis } from '@millrace/core/schema/bound-millis';
import { z } from 'zod';
import { boundSql } from '../query/bound-sql.ts';

/** The columns are ASCII, which other text can't even be compared with. */
const word = z.string({ error: 'must be text' }).regex(/^[\x20-\x7e]{1,249}$/, 'must be 1 to 249 ASCII characters');

/** What picks dead letters, the same in a query and in a redrive: each part that is given must hold. */
export const filterShape = {
  stream: word.optional(),
  topic: word.optional(),
  stage: z
    .enum(['decode', 'table', 'insert', 'conflict'], { error: 'must be decode, table, insert or conflict' })
    .optional(),
  code: word.optional(),
  event_id: word.optional(),
  id: word.optional(),
  start_timestamp: bound.optional(),
  end_timestamp: bound.optional(),
};

const SET_ASIDE_AT: Field = { name: 'set_aside_at', type: { kind: 'long', logical: { name: 'timestamp-millis' } } };

const filter = z.object(filterShape);
export type DeadLetterFilter = z.output<typeof filter>;

/** The filter as SQL conditions; the times are those at which they were written, half-open. */
export function filterSql(given: DeadLetterFilter): string[] {
  const { start_timestamp: from, end_timestamp: to } = given;
  const equal = (['stream', 'topic', 'stage', 'code', 'event_id', 'id'] as const).flatMap((name) => {
    const value = given[name];
    return value === undefined ? [] : [`${name} = ${textLiteral(value)}`];
  });
  return [
    ...equal,
    ...(from === undefined ? [] : [boundSql(SET_ASIDE_AT, '>=', from)]),
    ...(to === undefined ? [] : [boundSql(SET_ASIDE_AT, '<', to)]),
  ];
}

export const whereSql = (conditions: readonly string[]): string =>
  conditions.length > 0 ? `WHERE ${conditions.join(' AND ')}` : '';

/** The filter as people write it, which is also how a redrive keeps it. */
export const filterToJson = (given: DeadLetterFilter): Record<string, string> =>
  Object.fromEntries(
    Object.entries(given).flatMap(([name, value]) => {
      if (value === undefined) return [];
      return [[name, typeof value === 'bigint' ? formatMicros(value) : value]];
    }),
  );

/** What a redrive has kept. One that an older storage started has its times as milliseconds. */
export function parseFilterJson(text: string): DeadLetterFilter {
  const kept: unknown = JSON.parse(text);
  const entries = Object.entries(typeof kept === 'object' && kept !== null ? kept : {});
  return filter.parse(
    Object.fromEntries(
      entries.map(([name, value]) => [name, typeof value === 'number' ? new Date(value).toISOString() : value]),
    ),
  );
}

function formatMicros(micros: bigint): string {
  const millis = boundMillis(micros - 999n);
  const rest = micros - BigInt(millis) * 1_000n;
  const text = new Date(millis).toISOString();
  return rest === 0n ? text : text.replace('Z', `${String(rest).padStart(3, '0')}Z`);
}
