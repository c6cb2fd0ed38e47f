import { readFileSync } from 'node:fs';
import { resolve } from 'node:path';
import { isScope } from '@millrace/core/access/scopes';
import { rootDir } from '@millrace/core/config/root-dir';
import { z } from 'zod';
import { isName, NAME_RULE, type NewAccount } from './account.ts';

const name = z.string({ error: 'is required' }).refine(isName, { error: NAME_RULE });
const secret = z.string({ error: 'is required' }).refine((text) => text.length >= 8 && text.length <= 1_000, {
  error: 'must have 8 to 1000 characters',
});
const scopes = z
  .union([z.string().transform((text) => text.split(' ').filter((each) => each !== '')), z.array(z.string())], {
    error: 'must be scopes with spaces between, or a list of them',
  })
  .refine((list) => list.length > 0 && list.every(isScope), {
    error: 'must be scopes such as ingest, read:running or read:own, at least one',
  });

const client = z.strictObject({ client_id: name, client_secret: secret, scopes, subject: name.optional() }).transform(
  (given): NewAccount => ({
    kind: 'client',
    name: given.client_id,
    secret: given.client_secret,
    subject: given.subject ?? given.client_id,
    scopes: given.scopes,
  }),
);
const user = z.strictObject({ username: name, password: secret, scopes, subject: name.optional() }).transform(
  (given): NewAccount => ({
    kind: 'user',
    name: given.username,
    secret: given.password,
    subject: given.subject ?? given.username,
    scopes: given.scopes,
  }),
);

/** Undefined when each name is there once. */
const onlyOnce = (accounts: readonly NewAccount[]) =>
  new Set(accounts.map((each) => each.name)).size === accounts.length;

const accounts = z
  .strictObject({
    clients: z.array(client).refine(onlyOnce, { error: 'must have each client_id once' }).default([]),
    users: z.array(user).refine(onlyOnce, { error: 'must have each username once' }).default([]),
  })
  .transform(({ clients, users }): readonly NewAccount[] => [...clients, ...users]);

/**
 * `AUTH_CLIENTS`: JSON of clients and users, or the path of a file with it; empty for none. A fault names its place and never repeats
 * what stands there, as secrets do.
 */
export const accountsSetting = z.string().transform((text, context): readonly NewAccount[] => {
  if (text === '') return [];
  const json = readJsonText(text);
  if ('fault' in json) {
    context.addIssue(json.fault);
    return z.NEVER;
  }
  const { data, error } = accounts.safeParse(json.value);
  for (const { path, message, code } of error?.issues ?? [])
    context.addIssue({ code: 'custom', path: [...path], message: code === 'unrecognized_keys' ? UNKNOWN : message });
  return data ?? z.NEVER;
});

const UNKNOWN = 'has a member that is not known here';

function readJsonText(given: string): { readonly value: unknown } | { readonly fault: string } {
  let text = given;
  if (!given.startsWith('{')) {
    try {
      text = readFileSync(resolve(rootDir, given), 'utf8');
    } catch (error) {
      const code = error instanceof Error && 'code' in error ? error.code : undefined;
      return { fault: `must be a JSON object or the path of a file with one; the file cannot be read (${code})` };
    }
  }
  try {
    return { value: JSON.parse(text) };
  } catch {
    return { fault: 'must be a JSON object or the path of a file with one; what is there is not JSON' };
  }
}
