import { faultsOf } from '@millrace/core/http/read-body-as';
import type { Fault } from '@millrace/core/problem/problem';
import { parseInstant } from '@millrace/core/schema/rfc3339';
import type { Stream } from '@millrace/core/schema/stream';
import { valueMessages } from '@millrace/core/schema/value-messages';
import { z } from 'zod';
import { checkUrl } from '../address/check-url.ts';
import type { Guard } from '../address/guard.ts';
import { isSecret } from '../sign/secret.ts';
import { compileFilter } from './compile-filter.ts';

/** Where a new delivery begins: after all that there is, before it, or at an append time in milliseconds. */
export type From = 'now' | 'start' | number;

/** Asks for a new secret in the place of one. */
export const GENERATE = 'generate';

const text = z
  .string({ error: 'must be text' })
  .refine((given) => given.isWellFormed(), { error: valueMessages.wellFormed });
const secret = text.refine((given) => given === GENERATE || isSecret(given), {
  error: `must be whsec_ and 24 to 64 bytes in base64, or "${GENERATE}"`,
});
const from = text.transform((given, context): From => {
  const at = given === 'now' || given === 'start' ? given : parseInstant(given);
  if (at !== undefined) return at;
  context.addIssue('must be now, start, or a time such as 2026-03-14T07:30:00Z');
  return z.NEVER;
});

const own = {
  name: text.min(1, 'must not be empty').max(200, 'may have at most 200 characters'),
  stream: text,
  url: text,
  filter: text.min(1, 'must not be empty').max(4_096, 'may have at most 4096 characters').nullable().default(null),
  secret: secret.optional(),
};
const object = { error: 'must be an object' };

export const newDelivery = z.strictObject({ ...own, from: from.default('now') }, object);
export const changedDelivery = z.strictObject(own, object);

export type Definition = z.output<typeof changedDelivery>;
export type NewDefinition = z.output<typeof newDelivery>;

/** What can be looked at further, whatever is wrong with the rest. */
const parts = z
  .object({
    stream: z.string().optional().catch(undefined),
    url: z.string().optional().catch(undefined),
    filter: z.string().nullish().catch(undefined),
  })
  .catch({ stream: undefined, url: undefined, filter: undefined });

type CheckOptions = { readonly streams: readonly Stream[]; readonly guard: Guard; readonly allowPrivate: boolean };

/** The definition in a body, or all that is wrong with it. */
export async function checkDefinition<Output>(
  schema: z.ZodType<Output>,
  body: unknown,
  { streams, guard, allowPrivate }: CheckOptions,
): Promise<{ readonly definition: Output; readonly faults?: never } | { readonly faults: readonly Fault[] }> {
  const { data, error } = schema.safeParse(body);
  const given = parts.parse(body);
  const faults = error ? faultsOf(error) : [];
  const stream = streams.find(({ name }) => name === given.stream);
  if (given.stream !== undefined && !stream)
    faults.push({ pointer: '/stream', message: `there is no stream ${given.stream.slice(0, 100)}` });
  const urlFault = given.url === undefined ? undefined : await checkUrl(given.url, guard, allowPrivate);
  if (urlFault !== undefined) faults.push({ pointer: '/url', message: urlFault });
  if (stream && given.filter) {
    const compiled = compileFilter(given.filter, stream);
    if ('faults' in compiled)
      for (const { message, line, column } of compiled.faults)
        faults.push({ pointer: '/filter', message: `line ${line}, column ${column}: ${message}` });
  }
  return data !== undefined && faults.length === 0 ? { definition: data } : { faults };
}
