import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { z } from 'zod';
import { Problem } from '../problem/problem.ts';

/** Printable, without a space: fit for SQL, a URL and an environment variable alike. */
const secret = z.string().regex(/^[\x21-\x7e]{8,}$/, { error: 'must be at least 8 printable characters' });

const credentials = z.looseObject({
  /** Passwords by user name. */
  users: z.record(z.string(), secret),
  /** Secrets by client id. */
  clients: z.record(z.string(), secret),
  secrets_key: secret,
  /** Passwords of the database's `root` and of the services' own user. */
  mysql: z.object({ root: secret, millrace: secret }),
});

export type Credentials = z.output<typeof credentials>;

export const credentialsFile = (dataDir: string): string => join(dataDir, 'credentials.json');

/**
 * What `make up` made for this data folder; undefined when there is no such file, or when it is another user's. Throws
 * one line that names the file when it holds anything else.
 */
export function readCredentials(dataDir: string): Credentials | undefined {
  const file = credentialsFile(dataDir);
  const refuse = (why: string, cause?: unknown): never => {
    throw new Problem('invalid-config', `${file} ${why}; without the file, make up makes new passwords`, { cause });
  };
  let text: string;
  try {
    text = readFileSync(file, 'utf8');
  } catch (error) {
    const code = error instanceof Error && 'code' in error ? String(error.code) : '';
    return ['ENOENT', 'ENOTDIR', 'EACCES'].includes(code) ? undefined : refuse(`cannot be read (${code})`, error);
  }
  let json: unknown;
  try {
    json = JSON.parse(text);
  } catch (error) {
    return refuse('is not JSON', error);
  }
  const { data, error } = credentials.safeParse(json);
  const [fault] = error?.issues ?? [];
  return data ?? refuse(`is incomplete: ${fault?.path.join('.')} ${fault?.message}`);
}
