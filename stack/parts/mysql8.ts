import { execFile } from 'node:child_process';
import { mkdir, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { databaseFolder } from './database-folder.ts';
import { mysqlAnswers } from './mysql-answers.ts';
import type { Part } from './part.ts';

const run = promisify(execFile);

/** Run at each start, as MariaDB's are: the same user, reached in the same way. */
const users = `
CREATE DATABASE IF NOT EXISTS millrace CHARACTER SET utf8mb4;
CREATE USER IF NOT EXISTS 'millrace'@'%' IDENTIFIED WITH mysql_native_password BY 'millrace';
GRANT ALL ON \`millrace%\`.* TO 'millrace'@'%';
GRANT SESSION_VARIABLES_ADMIN, PROCESS, CONNECTION_ADMIN ON *.* TO 'millrace'@'%';
`;

/** A real MySQL 8.0 with everything durable, for tests. `home` is what `prepareMysql8` answers. */
export function mysql8Part({ home, port, dir }: { home: string; port: number; dir: string }): Part {
  const server = join(home, 'bin', 'mysqld');
  const folder = databaseFolder({ home, dir });
  const usersFile = join(dir, 'users.sql');

  return {
    name: 'mysql8',
    port,
    portVariable: 'MYSQL_PORT',
    stopWithinMs: 60_000,
    ready: () => mysqlAnswers(port),

    async prepare() {
      await mkdir(dir, { recursive: true });
      await writeFile(usersFile, users);
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
