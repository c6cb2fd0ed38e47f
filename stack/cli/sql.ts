import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { readCredentials } from '@millrace/core/config/credentials';
import { prepareRuntime } from '../artifacts/runtime.ts';
import { addressesIn } from '../settings/addresses.ts';
import { StackError } from '../stack-error.ts';
import type { StackCli } from './stack-cli.ts';

type Login = { readonly where: readonly string[]; readonly password: string; readonly database: string };

function userLogin({ env }: StackCli): Login {
  const { hostname, port, username, password, pathname } = new URL(addressesIn(env).databaseUrl);
  const host = hostname.replace(/^\[|\]$/g, '');
  return {
    where: ['--host', host, '--port', port || '3306', '--user', decodeURIComponent(username)],
    password: decodeURIComponent(password),
    database: decodeURIComponent(pathname.slice(1)),
  };
}

/** Root is reached over the socket alone, and only by whoever may look into DATA_DIR. */
function rootLogin({ settings }: StackCli): Login {
  const socket = join(settings.dataDir, 'mariadb', 'data', 'mysql.sock');
  const password = readCredentials(settings.dataDir)?.mysql.root;
  if (password === undefined || !existsSync(socket))
    throw new StackError(`No database of make up runs in ${settings.dataDir}, so there is no root to be.`);
  return { where: ['--socket', socket, '--user', 'root'], password, database: 'millrace' };
}

/** The database's own client on the stack's database, with any arguments that it takes. Answers its exit code. */
export async function sql(cli: StackCli, args: readonly string[], { asRoot = false } = {}): Promise<number> {
  const { settings, env, out } = cli;
  const { where, password, database } = asRoot ? rootLogin(cli) : userLogin(cli);
  const { mariadbHome } = await prepareRuntime({ ...settings, env, out: process.stderr });
  const client = join(mariadbHome, 'bin', process.platform === 'win32' ? 'mysql.exe' : 'mariadb');
  if (!existsSync(client))
    throw new StackError(`No SQL client came with the database; use any MySQL client with ${where.join(' ')}.`);
  const command = [...where, '--skip-ssl', '--default-character-set=utf8mb4', ...args, database];
  if (out.isTTY) command.unshift('--table');

  // Ctrl-C reaches the client itself, which ends a query and not the session.
  process.on('SIGINT', () => {});
  const child = spawn(client, ['--no-defaults', ...command], {
    stdio: 'inherit',
    env: { ...env, MYSQL_PWD: password },
  });
  const [code] = await once(child, 'exit');
  return typeof code === 'number' ? code : 1;
}
