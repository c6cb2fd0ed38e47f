import { z } from 'zod';

const bool = z.boolean({ error: 'must be true or false' });
const word = (what: string) => z.string({ error: `must be ${what}` }).regex(/^[\w-]{1,64}$/, `must be ${what}`);
const object = { error: 'must be an object' };

const FIRST_DATE = '1900-01-01';
const isDate = (text: string) =>
  /^\d{4}-\d\d-\d\d$/.test(text) && text >= FIRST_DATE && new Date(`${text}T00:00:00Z`).toJSON()?.slice(0, 10) === text;
const notDate = { error: `must be a date such as 2026-03-14, from ${FIRST_DATE} on` };
const date = z.string(notDate).refine(isDate, notDate);

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
      .max(100, 'must have at most 100 characters')
      // It becomes a part of a path, where these mean something else.
      .refine((id) => !/[\p{Cc}\p{Cs}]|^\.{1,2}$/u.test(id), { error: 'must be the id of a customer' }),
  },
  object,
);

export const eventsBody = z.strictObject(range, object).refine(isRange, after);

export const connectorBody = z.strictObject(
  {
    entities: z
      .array(word('the name of an entity'), { error: 'must be a list of names' })
      .min(1, 'must not be empty')
      .max(100, 'must have at most 100 names')
      .optional(),
    full: bool.default(false),
  },
  object,
);

export const backfillBody = z
  .strictObject({ connector: word('the name of a connector'), entity: word('the name of an entity'), ...range }, object)
  .refine(isRange, after);

const DEEPEST = 32;

/** Whether a JSON value has no list or object deeper than so many others. */
function isShallow(value: unknown, deepest = DEEPEST): boolean {
  if (typeof value !== 'object' || value === null) return true;
  return deepest > 0 && Object.values(value).every((inside) => isShallow(inside, deepest - 1));
}

const cursor = z
  .unknown()
  .refine((value) => value !== undefined && isShallow(value), {
    error: `must be JSON, at most ${DEEPEST} lists and objects deep`,
    abort: true,
  })
  .pipe(z.json());

export const cursorBody = z.strictObject({ cursor }, object);
