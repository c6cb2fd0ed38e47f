import { execFile } from 'node:child_process';
import { mkdir, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { promisify } from 'node:util';
import type { Credentials } from '@millrace/core/config/credentials';
import { databaseFolder } from './database-folder.ts';
import { databaseUsers } from './database-users.ts';
import { mysqlAnswers } from './mysql-answers.ts';
import type { Part } from './part.ts';
import { proveLogin } from './prove-login.ts';

const run = promisify(execFile);

const MYSQL8 = {
  accounts: 'mysql.user',
  identified: 'IDENTIFIED WITH mysql_native_password BY',
  privileges: 'SESSION_VARIABLES_ADMIN, PROCESS, CONNECTION_ADMIN',
} as const;

type Mysql8Options = {
  /** What `prepareMysql8` answers. */
  readonly home: string;
  readonly port: number;
  readonly dir: string;
  readonly passwords: Credentials['mysql'];
};

/** A real MySQL 8.0 with everything durable, for tests; its accounts are those of MariaDB. */
export function mysql8Part({ home, port, dir, passwords }: Mysql8Options): Part {
  const server = join(home, 'bin', 'mysqld');
  const folder = databaseFolder({ home, dir });
  const usersFile = join(dir, 'users.sql');

  return {
    name: 'mysql8',
    port,
    portVariable: 'MYSQL_PORT',
    stopWithinMs: 60_000,
    ready: () => mysqlAnswers(port),
    configure: () => proveLogin(port, passwords.millrace),

    async prepare() {
      await mkdir(dir, { recursive: true, mode: 0o700 });
      await writeFile(usersFile, databaseUsers(passwords, MYSQL8), { mode: 0o600 });
      await folder.make((args) => run(server, [...args, '--initialize-insecure']));
    },

    async command() {
      const options = {
        port,
        'bind-address': '127.0.0.1',
        socket: join(dir, 'mysql.sock'),
        'init-file': usersFile,
        'character-set-server': 'utf8mb4',
        'local-infile': 1,
        'innodb-buffer-pool-size': '256M',
        'max-connections': 200,
        mysqlx: 'OFF',
      };
      const flags = Object.entries(options).map(([name, value]) => `--${name}=${value}`);
      return {
        file: server,
        args: [...folder.args, ...flags, '--skip-ssl', '--skip-name-resolve', '--skip-log-bin'],
      };
    },
  };
}
