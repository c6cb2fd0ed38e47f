import { spawn } from 'node:child_process';
import { mkdir, readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { StackError } from '../stack-error.ts';
import { databaseFolder } from './database-folder.ts';
import type { PartOptions } from './kafka.ts';
import { mysqlAnswers } from './mysql-answers.ts';
import type { Part } from './part.ts';

/** Run at each start, so that the user exists whatever else happened. The grant covers the databases tests make. */
const users = `
CREATE DATABASE IF NOT EXISTS millrace CHARACTER SET utf8mb4;
CREATE USER IF NOT EXISTS 'millrace'@'%' IDENTIFIED BY 'millrace';
GRANT ALL ON \`millrace%\`.* TO 'millrace'@'%';
`;

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
    const child = spawn(file, args, { stdio: ['pipe', 'ignore', 'pipe'] });
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

/** MariaDB with everything durable: a commit that was answered is on disk. Its data is under `dir`. */
export function mariadbPart({ runtime, port, dir }: PartOptions): Part {
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

    async prepare() {
      await mkdir(temporaryDir, { recursive: true });
      await writeFile(usersFile, users);
      const options = ['--bootstrap', '--log-warnings=0', '--enforce-storage-engine=', '--max-allowed-packet=8M'];
      await folder.make(async (args) => runWith(server, [...args, ...options], await bootstrapSql(share)));
    },

    async command() {
      const options = {
        port,
        'bind-address': '127.0.0.1',
        socket: 'mysql.sock',
        tmpdir: temporaryDir,
        'init-file': usersFile,
        'character-set-server': 'utf8mb4',
        'local-infile': 1,
        'innodb-buffer-pool-size': '256M',
        'innodb-flush-log-at-trx-commit': 1,
        'max-connections': 200,
      };
      const flags = Object.entries(options).map(([name, value]) => `--${name}=${value}`);
      // Making a certificate at each start takes up to 20 s; nobody but loopback reaches it.
      return { file: server, args: [...folder.args, ...flags, '--skip-ssl', '--skip-name-resolve'] };
    },
  };
}
