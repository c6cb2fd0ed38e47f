import { spawn } from 'node:child_process';
import { mkdir, readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import type { Credentials } from '@millrace/core/config/credentials';
import { StackError } from '../stack-error.ts';
import { databaseFolder } from './database-folder.ts';
import { databaseUsers } from './database-users.ts';
import type { PartOptions } from './kafka.ts';
import { mysqlAnswers } from './mysql-answers.ts';
import type { Part } from './part.ts';
import { proveLogin } from './prove-login.ts';

/** The server does not go by the umask that it is given, but by these. */
const PRIVATE = { UMASK: '0600', UMASK_DIR: '0700' };

const MARIADB = { accounts: 'mysql.global_priv', identified: 'IDENTIFIED BY' } as const;

const systemTables = [
  'mariadb_system_tables.sql',
  'mariadb_performance_tables.sql',
  'mariadb_system_tables_data.sql',
  'maria_add_gis_sp_bootstrap.sql',
  'mariadb_sys_schema.sql',
];

/** What `mariadb-install-db` would feed the server; it is a shell script, and this works on every system. */
async function bootstrapSql(share: string): Promise<string> {
  const files = await Promise.all(systemTables.map((name) => readFile(join(share, name), 'utf8')));
  const start = ['CREATE DATABASE IF NOT EXISTS mysql;', 'USE mysql;', 'SET @auth_root_socket=NULL;'];
  return [...start, 'SET @skip_auth_anonymous=1;', ...files].join('\n');
}

const runWith = (file: string, args: readonly string[], input: string): Promise<void> =>
  new Promise((resolve, reject) => {
    const child = spawn(file, args, { stdio: ['pipe', 'ignore', 'pipe'], env: { ...process.env, ...PRIVATE } });
    let errors = '';
    child.stderr.on('data', (chunk: Buffer) => {
      errors += chunk.toString();
    });
    child.once('error', reject).once('close', (code) => {
      const reason = errors.split('\n').findLast((line) => /ERROR|error while/i.test(line)) ?? `it ended with ${code}`;
      code === 0 ? resolve() : reject(new StackError(`MariaDB could not make its system tables: ${reason.trim()}`));
    });
    child.stdin.on('error', () => {}).end(input);
  });

type MariadbOptions = Pick<PartOptions, 'runtime' | 'port' | 'dir'> & { readonly passwords: Credentials['mysql'] };

/** MariaDB with everything durable: a commit that was answered is on disk. Its data is under `dir`, for its owner alone. */
export function mariadbPart({ runtime, port, dir, passwords }: MariadbOptions): Part {
  const home = runtime.mariadbHome;
  const server = join(home, 'bin', process.platform === 'win32' ? 'mysqld.exe' : 'mariadbd');
  const share = join(home, 'share');
  // Its own: a server that starts clears temporary tables away, also those of another that shares the folder.
  const temporaryDir = join(dir, 'tmp');
  const usersFile = join(dir, 'users.sql');
  const folder = databaseFolder({ home, dir });

  return {
    name: 'mariadb',
    port,
    portVariable: 'MYSQL_PORT',
    stopWithinMs: 60_000,
    ready: () => mysqlAnswers(port),
    configure: () => proveLogin(port, passwords.millrace),

    async prepare() {
      await mkdir(temporaryDir, { recursive: true, mode: 0o700 });
      await writeFile(usersFile, databaseUsers(passwords, MARIADB), { mode: 0o600 });
      const options = ['--bootstrap', '--log-warnings=0', '--enforce-storage-engine=', '--max-allowed-packet=8M'];
      await folder.make(async (args) => runWith(server, [...args, ...options], await bootstrapSql(share)));
    },

    async command() {
      const options = {
        port,
        'bind-address': '127.0.0.1',
        socket: 'mysql.sock',
        tmpdir: temporaryDir,
        // Where root may read and write files by SQL; nobody else may at all.
        'secure-file-priv': temporaryDir,
        'init-file': usersFile,
        'character-set-server': 'utf8mb4',
        'local-infile': 1,
        'innodb-buffer-pool-size': '256M',
        'innodb-flush-log-at-trx-commit': 1,
        'max-connections': 200,
      };
      const flags = Object.entries(options).map(([name, value]) => `--${name}=${value}`);
      // Making a certificate at each start takes up to 20 s; nobody but loopback reaches it.
      return {
        file: server,
        args: [...folder.args, ...flags, '--skip-ssl', '--skip-name-resolve'],
        env: PRIVATE,
      };
    },
  };
}
