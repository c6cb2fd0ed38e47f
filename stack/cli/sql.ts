import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { prepareRuntime } from '../artifacts/runtime.ts';
import { addressesOf } from '../settings/addresses.ts';
import { StackError } from '../stack-error.ts';
import type { StackCli } from './stack-cli.ts';

/** The database's own client on the stack's database, with whatever arguments it takes. Answers its exit code. */
export async function sql({ settings, env, out }: StackCli, args: readonly string[]): Promise<number> {
  const { mariadbHome } = await prepareRuntime({ ...settings, env, out: process.stderr });
  const client = join(mariadbHome, 'bin', process.platform === 'win32' ? 'mysql.exe' : 'mariadb');
  const database = new URL(env.DATABASE_URL ?? addressesOf(settings.ports).databaseUrl);
  if (!existsSync(client))
    throw new StackError(`No SQL client came with the database; any MySQL client reaches ${database.href}.`);
  const login = ['--host', database.hostname, '--port', database.port || '3306', '--user', database.username];
  const place = [...login, '--skip-ssl', '--default-character-set=utf8mb4', ...args, database.pathname.slice(1)];
  if (out.isTTY) place.unshift('--table');

  // Ctrl-C reaches the client itself, which ends a query and not the session.
  process.on('SIGINT', () => {});
  const child = spawn(client, place, { stdio: 'inherit', env: { ...env, MYSQL_PWD: database.password } });
  const [code] = await once(child, 'exit');
  return typeof code === 'number' ? code : 1;
}
