import { createHash } from 'node:crypto';
import { invalidQuery } from '@millrace/core/http/parse-query';
import { z } from 'zod';
import type { Known } from './rows-of.ts';

/** Where a page of an answer begins, and of which history: later pages are of the same history, also when events arrive meanwhile. */
export type Position = Known & {
  readonly epoch: number;
  readonly offset: number;
  /** How fresh the first page was. */
  readonly fresh: Fresh;
};

const digits = z
  .string()
  .regex(/^\d{1,18}$/)
  .transform(BigInt);
const fresh = z.object({
  as_of: z.string().nullable(),
  lag: z.number().nullable(),
  lag_unknown: z.array(z.string()).readonly().optional(),
});
export type Fresh = z.output<typeof fresh>;
const written = z.tuple([
  z.string(),
  z.int().min(0),
  digits,
  digits,
  z
    .int()
    .min(0)
    .max(Number.MAX_SAFE_INTEGER - 1_000),
  fresh,
]);

/** @param question what the cursor is for: one of another question is refused */
export function writeCursor(question: string, { epoch, count, removedTo, offset, fresh: first }: Position): string {
  const text = JSON.stringify([hashOf(question), epoch, String(count), String(removedTo), offset, first]);
  return Buffer.from(text).toString('base64url');
}

/** Throws `invalid-parameter` for what `writeCursor` did not give for this question. */
export function readCursor(question: string, cursor: string): Position {
  const parsed = written.safeParse(jsonIn(cursor));
  if (!parsed.success) throw refused('is not a cursor of this API');
  const [hash, epoch, count, removedTo, offset, first] = parsed.data;
  if (hash !== hashOf(question)) throw refused('belongs to another question: take cursor and parameters from one Link');
  return { epoch, count, removedTo, offset, fresh: first };
}

function jsonIn(cursor: string): unknown {
  try {
    return JSON.parse(Buffer.from(cursor, 'base64url').toString());
  } catch {
    return undefined;
  }
}

const hashOf = (question: string) => createHash('sha256').update(question).digest('base64url').slice(0, 16);

const refused = (message: string) => invalidQuery([{ pointer: '/query/cursor', message }]);
