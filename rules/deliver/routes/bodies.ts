import { parseInstant } from '@millrace/core/schema/rfc3339';
import { z } from 'zod';

const error = 'must be a time such as 2026-03-14T07:30:00Z';
const instant = z.string({ error }).transform((text, context): number => {
  const at = parseInstant(text);
  if (at !== undefined) return at;
  context.addIssue(error);
  return z.NEVER;
});

export const recoverBody = z
  .strictObject(
    {
      since: instant,
      until: instant.optional(),
      dry_run: z.boolean({ error: 'must be true or false' }).default(false),
    },
    { error: 'must be an object' },
  )
  .refine(({ since, until }) => until === undefined || since < until, {
    path: ['until'],
    error: 'must be after since',
  });

const rowOf = (cursor: string) => Buffer.from(cursor, 'base64url').toString();
const cursorError = { error: 'must be the cursor of a Link header of this list' };

export const attemptCursor = z
  .string()
  .transform(rowOf)
  .refine((text) => /^\d{1,15}$/.test(text), cursorError)
  .transform(Number);

export const deliveryCursor = z
  .string()
  .transform(rowOf)
  .refine((text) => /^[\da-f-]{36}$/.test(text), cursorError);

export const cursorAt = (position: string | number): string => Buffer.from(String(position)).toString('base64url');
