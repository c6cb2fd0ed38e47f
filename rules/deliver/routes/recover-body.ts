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
