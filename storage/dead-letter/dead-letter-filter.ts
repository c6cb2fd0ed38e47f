import { instantLiteral, textLiteral } from '@millrace/core/database/sql-literal';
import { instant } from '@millrace/core/http/parameters';
import { z } from 'zod';

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
  start_timestamp: instant.optional(),
  end_timestamp: instant.optional(),
};

const filter = z.object(filterShape);
export type DeadLetterFilter = z.output<typeof filter>;

/** The filter as SQL conditions; the times are those of being set aside, half-open. */
export function filterSql(given: DeadLetterFilter): string[] {
  const { start_timestamp: from, end_timestamp: to } = given;
  const equal = (['stream', 'topic', 'stage', 'code', 'event_id', 'id'] as const).flatMap((name) => {
    const value = given[name];
    return value === undefined ? [] : [`${name} = ${textLiteral(value)}`];
  });
  return [
    ...equal,
    ...(from === undefined ? [] : [`set_aside_at >= ${instantLiteral(from)}`]),
    ...(to === undefined ? [] : [`set_aside_at < ${instantLiteral(to)}`]),
  ];
}

export const whereSql = (conditions: readonly string[]): string =>
  conditions.length > 0 ? `WHERE ${conditions.join(' AND ')}` : '';
