import { z } from 'zod';

const bool = z.boolean({ error: 'must be true or false' });
const word = (what: string) => z.string({ error: `must be ${what}` }).regex(/^[\w-]{1,64}$/, `must be ${what}`);
const object = { error: 'must be an object' };

const isDate = (text: string) =>
  /^\d{4}-\d\d-\d\d$/.test(text) && new Date(`${text}T00:00:00Z`).toJSON()?.slice(0, 10) === text;
const date = z
  .string({ error: 'must be a date such as 2026-03-14' })
  .refine(isDate, { error: 'must be a date such as 2026-03-14' });

const range = { start_date: date, end_date: date };
const isRange = ({ start_date: from, end_date: to }: { readonly start_date: string; readonly end_date: string }) =>
  !isDate(from) || !isDate(to) || from < to;
const after = { path: ['end_date'], error: 'must be after start_date' };

export const allBody = z.strictObject({ full: bool.default(false) }, object);

export const customerBody = z.strictObject(
  {
    customer_id: z
      .string({ error: 'must be text' })
      .min(1, 'must not be empty')
      .max(100, 'must have at most 100 characters'),
  },
  object,
);

export const eventsBody = z.strictObject(range, object).refine(isRange, after);

export const connectorBody = z.strictObject(
  {
    entities: z
      .array(word('the name of an entity'), { error: 'must be a list of names' })
      .min(1, 'must not be empty')
      .optional(),
    full: bool.default(false),
  },
  object,
);

export const backfillBody = z
  .strictObject({ connector: word('the name of a connector'), entity: word('the name of an entity'), ...range }, object)
  .refine(isRange, after);

export const cursorBody = z.strictObject({ cursor: z.json() }, object);
