import { execFile } from 'node:child_process';
import { mkdtemp, readdir, rm, stat, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { prepareRuntime, type Runtime } from '../artifacts/runtime.ts';
import { freePort } from '../parts/free-port.ts';
import { mariadbPart } from '../parts/mariadb.ts';
import type { Part } from '../parts/part.ts';
import { type RunningPart, startPart } from '../parts/start-part.ts';
import { readStackSettings } from '../settings/stack-settings.ts';

const passwords = { root: "root's\\password", millrace: 'its-own-password' };

let runtime: Runtime;
let root: string;
beforeAll(async () => {
  runtime = await prepareRuntime({ ...readStackSettings(process.env), env: process.env, out: process.stderr });
  root = await mkdtemp(join(tmpdir(), 'millrace-users-'));
});
afterAll(() => rm(root, { recursive: true, force: true }));

async function folder(name: string) {
  const dir = join(root, name);
  const port = await freePort();
  const part = (given = passwords) => mariadbPart({ runtime, port, dir, passwords: given });
  const start = (which: Part): Promise<RunningPart> => startPart(which, { logFile: join(dir, 'mariadb.log') });
  const client = async (args: readonly string[], password: string, sql: string): Promise<string> => {
    const file = join(runtime.mariadbHome, 'bin', 'mariadb');
    const env = { ...process.env, MYSQL_PWD: password };
    const command = ['--no-defaults', '--skip-ssl', '--batch', '--skip-column-names', ...args, '-e', sql];
    return promisify(execFile)(file, command, { env }).then(
      ({ stdout }) => stdout.trim(),
      ({ stderr }) => `refused: ${/ERROR (\d+)/.exec(stderr)?.[1]}`,
    );
  };
  return {
    dir,
    part,
    start,
    overTcp: (user: string, password: string, sql: string) =>
      client(['--host=127.0.0.1', `--port=${port}`, `--user=${user}`], password, sql),
    overSocket: (user: string, password: string, sql: string) =>
      client([`--socket=${join(dir, 'data', 'mysql.sock')}`, `--user=${user}`], password, sql),
  };
}

async function openToOthers(dir: string): Promise<string[]> {
  const entries = await readdir(dir, { recursive: true, withFileTypes: true });
  const inspected = await Promise.all(
    entries.map(async (entry) => {
      const path = join(entry.parentPath, entry.name);
      // A server's socket file is always open to all: its folder protects it.
      return !entry.isSocket() && (await stat(path)).mode & 0o077 ? [path] : [];
    }),
  );
  return inspected.flat();
}

describe('the accounts of a new database', () => {
  it('lets root in over the socket with its password, and in no other way', async () => {
    const { part, start, overTcp, overSocket } = await folder('new');
    const running = await start(part());

    const answers = {
      socket: await overSocket('root', passwords.root, 'SELECT CURRENT_USER()'),
      socketWithout: await overSocket('root', '', 'SELECT 1'),
      tcp: await overTcp('root', passwords.root, 'SELECT 1'),
      tcpWithout: await overTcp('root', '', 'SELECT 1'),
      nobody: await overTcp('', '', 'SELECT 1'),
      nobodyOverSocket: await overSocket('', '', 'SELECT 1'),
      stranger: await overTcp('stranger', '', 'SELECT 1'),
      former: await overTcp('millrace', 'millrace', 'SELECT 1'),
    };
    await running.stop();

    const refused = 'refused: 1045';
    expect(answers).toEqual({
      socket: 'root@localhost',
      socketWithout: refused,
      tcp: expect.stringMatching(/^refused: (1045|1130|1698)$/),
      tcpWithout: expect.stringMatching(/^refused: (1045|1130|1698)$/),
      nobody: expect.stringMatching(/^refused: (1045|1130)$/),
      nobodyOverSocket: refused,
      stranger: expect.stringMatching(/^refused: (1045|1130)$/),
      former: refused,
    });
  });

  it('lets the services make databases of their name, and neither read nor write files of the machine', async () => {
    const { part, start, overTcp, dir } = await folder('services');
    const running = await start(part());
    const as = (sql: string) => overTcp('millrace', passwords.millrace, sql);

    const answers = {
      own: await as('CREATE DATABASE millrace_a; CREATE TABLE millrace_a.t (n INT); SELECT COUNT(*) FROM millrace_a.t'),
      write: await as(`SELECT 'x' INTO OUTFILE '${join(root, 'written')}'`),
      read: await as("SELECT COALESCE(LOAD_FILE('/etc/passwd'), 'nothing')"),
      accounts: await as('SELECT COUNT(*) FROM mysql.global_priv'),
    };
    const open = await openToOthers(dir);
    await running.stop();

    expect(answers).toEqual({ own: '0', write: 'refused: 1045', read: 'nothing', accounts: 'refused: 1142' });
    expect(open.filter((path) => !path.endsWith('.log'))).toEqual([]);
  });
});

describe('a data folder that is there already', () => {
  it('is taken over from when root had no password: nothing is lost, nobody old gets in', async () => {
    const { dir, part, start, overTcp, overSocket } = await folder('taken-over');
    const former = join(root, 'former.sql');
    await writeFile(
      former,
      [
        'CREATE DATABASE IF NOT EXISTS millrace CHARACTER SET utf8mb4;',
        "CREATE USER IF NOT EXISTS 'millrace'@'%' IDENTIFIED BY 'millrace';",
        "GRANT ALL ON `millrace%`.* TO 'millrace'@'%';",
        "CREATE USER IF NOT EXISTS ''@'localhost';",
        "CREATE USER IF NOT EXISTS 'root'@'127.0.0.1';",
        "GRANT ALL ON *.* TO 'root'@'127.0.0.1' WITH GRANT OPTION;",
        "CREATE USER IF NOT EXISTS 'grafana'@'%' IDENTIFIED BY 'made-by-hand';",
      ].join('\n'),
    );
    const { configure: _, ...asBefore } = part();
    const before = await start({
      ...asBefore,
      async command() {
        const { args, ...command } = await asBefore.command();
        return { ...command, args: [...args.filter((arg) => !arg.startsWith('--init-file')), `--init-file=${former}`] };
      },
    });
    const wrote = await overTcp('millrace', 'millrace', 'CREATE TABLE millrace.kept AS SELECT 42 AS n; SELECT 1');
    const wasOpen = await overTcp('root', '', 'SELECT CURRENT_USER()');
    await before.stop();

    const running = await start(part());
    const answers = {
      kept: await overTcp('millrace', passwords.millrace, 'SELECT n FROM millrace.kept'),
      accounts: await overSocket(
        'root',
        passwords.root,
        "SELECT CONCAT(User, '@', Host) FROM mysql.global_priv WHERE User <> 'mariadb.sys' ORDER BY User",
      ),
      former: await overTcp('millrace', 'millrace', 'SELECT 1'),
      root: await overTcp('root', '', 'SELECT 1'),
      nobody: await overSocket('', '', 'SELECT 1'),
    };
    await running.stop();

    expect([wrote, wasOpen]).toEqual(['1', 'root@127.0.0.1']);
    expect(answers).toEqual({
      kept: '42',
      accounts: 'grafana@%\nmillrace@127.0.0.1\nroot@localhost',
      former: 'refused: 1045',
      root: expect.stringMatching(/^refused: (1045|1130|1698)$/),
      nobody: 'refused: 1045',
    });
    expect((await stat(join(dir, 'data'))).mode & 0o077).toBe(0);
  });

  it('takes the passwords of credentials.json at each start', async () => {
    const { part, start, overTcp } = await folder('changed');
    await (await start(part())).stop();

    const running = await start(part({ root: 'another-root', millrace: 'another-password' }));
    const answers = [
      await overTcp('millrace', 'another-password', 'SELECT 1'),
      await overTcp('millrace', passwords.millrace, 'SELECT 1'),
    ];
    await running.stop();

    expect(answers).toEqual(['1', 'refused: 1045']);
  });

  it('does not start when an account cannot be set, rather than stay open', async () => {
    const { dir, part, start } = await folder('broken');
    const broken = part();

    const failure = start({
      ...broken,
      async prepare() {
        await broken.prepare?.();
        await writeFile(join(dir, 'users.sql'), "ALTER USER 'absent'@'localhost' IDENTIFIED BY 'x';\n");
      },
    });

    await expect(failure).rejects.toThrow('mariadb could not set its passwords: Access denied');
  });
});
