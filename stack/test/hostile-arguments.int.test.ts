import { execFile } from 'node:child_process';
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { rootDir } from '@millrace/core/config/root-dir';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { freePort } from '../parts/free-port.ts';

let dataDir: string;
let nowhere: Readonly<Record<string, string>>;
beforeAll(async () => {
  dataDir = await mkdtemp(join(tmpdir(), 'millrace-hostile-'));
  const [kafka, registry, mysql] = [await freePort(), await freePort(), await freePort()];
  nowhere = { KAFKA_PORT: `${kafka}`, REGISTRY_PORT: `${registry}`, MYSQL_PORT: `${mysql}`, DATA_DIR: dataDir };
});
afterAll(() => rm(dataDir, { recursive: true, force: true }));

type Ending = { readonly code: number; readonly stdout: string; readonly stderr: string };

/** Runs the command line as make does, with the settings given beside those that lead nowhere. */
async function stack(args: readonly string[], settings: Readonly<Record<string, string>> = {}): Promise<Ending> {
  const main = join(rootDir, 'stack', 'cli', 'main.ts');
  const { KAFKA_BROKERS: _k, SCHEMA_REGISTRY_URL: _r, DATABASE_URL: _d, ...env } = process.env;
  const node = ['--conditions=source', '--import', 'tsx', main, ...args];
  return promisify(execFile)(process.execPath, node, { env: { ...env, ...nowhere, ...settings } }).then(
    (printed) => ({ code: 0, ...printed }),
    (error: Ending) => error,
  );
}

describe('the command line', () => {
  it.each(['', 'up', 'tail'])('explains %j when asked to', async (command) => {
    const { code, stdout, stderr } = await stack([command, '--help'].filter(Boolean));

    expect([code, stderr]).toEqual([0, '']);
    expect(stdout).toContain(`Usage: stack${command && ` ${command}`}`);
  });

  it.each([
    ['an unknown command', ['fly'], {}, "error: unknown command 'fly'"],
    ['an unknown option', ['up', '--fast'], {}, "error: unknown option '--fast'"],
    ['an argument too many', ['status', 'all'], {}, 'error: too many arguments'],
    ['a count that is none', ['tail', 'running', '--limit', '-1'], {}, 'error: '],
    ['a month that is none', ['demo', '--month', '2025-13'], {}, 'It must be a month such as 2025-03'],
    ['a missing stream', ['tail'], {}, 'Say which stream: make tail STREAM=running'],
    ['a stream with a path', ['tail', '../../etc/passwd'], {}, 'There is no stream ../../etc/passwd.'],
    ['a Kafka that is not there', ['tail', 'running'], {}, 'Kafka does not answer at 127.0.0.1:'],
    ['a tool that Kafka lacks', ['kafka', 'nonsense'], {}, 'There is no kafka-nonsense.'],
    ['a name that every object has', ['kafka', 'constructor'], {}, 'There is no kafka-constructor.'],
    ['logs of nothing', ['logs', '../stack'], {}, 'There is no log of ../stack'],
    ['root of a database that is not there', ['sql', '--as-root'], {}, 'No database of make up runs in'],
    ['a port that is none', ['status'], { KAFKA_PORT: '0' }, '  KAFKA_PORT must be a whole number from 1 to 65535'],
    ['a service without a port', ['up'], { RECEIVER_PORT: '0' }, 'RECEIVER_PORT is 0'],
    ['a folder that cannot be', ['up'], { DATA_DIR: '/dev/null/data' }, 'DATA_DIR /dev/null/data cannot be used: '],
    ['a folder that holds the system', ['up'], { DATA_DIR: '/' }, 'DATA_DIR / holds other things'],
    ['a folder that holds the system', ['clean'], { DATA_DIR: '/usr' }, '/usr was not filled by make up'],
  ])('says what is wrong with %s in a line', async (_, args, settings, line) => {
    const { code, stderr } = await stack(args, settings);

    expect(stderr).toContain(line);
    expect(stderr.trimEnd().split('\n').length).toBeLessThanOrEqual(2);
    expect(code).toBeGreaterThan(0);
  });

  it('names the file when the passwords are damaged', async () => {
    const file = join(dataDir, 'credentials.json');
    await writeFile(file, '{"users": ');

    const { code, stderr } = await stack(['up']);

    expect([code, stderr]).toEqual([1, `${file} is not JSON; without the file, make up makes new passwords\n`]);
  });
});
