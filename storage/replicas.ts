import { type ChildProcess, spawn } from 'node:child_process';
import { extname, join } from 'node:path';
import { parseArgs } from 'node:util';
import { readConfig } from '@millrace/core/config/read-config';
import { readEnvironment } from '@millrace/core/config/read-environment';
import { describeFailure } from '@millrace/core/service/describe-failure';

/** Runs several storages on this machine, one port after another from STORAGE_PORT. They share the partitions; one that ends ends all. */
const USAGE = 'npm run storage -- [--replicas <1 to 64>]';

function refuse(line: string, exitCode: number): never {
  process.stderr.write(`${line}\n`);
  process.exit(exitCode);
}

function readCount(): number {
  try {
    const options = { replicas: { type: 'string', default: '1' }, help: { type: 'boolean' } } as const;
    const { values } = parseArgs({ options });
    if (values.help) refuse(USAGE, 0);
    const count = Number(values.replicas);
    if (Number.isInteger(count) && count >= 1 && count <= 64) return count;
  } catch (error) {
    refuse(`${error instanceof Error ? error.message.split('. ')[0] : error}. ${USAGE}`, 2);
  }
  return refuse('--replicas must be a whole number from 1 to 64', 2);
}

function readPort(): number {
  try {
    return readConfig(readEnvironment()).ports.storage;
  } catch (error) {
    return refuse(describeFailure('storage', error), 1);
  }
}

const count = readCount();
const port = readPort();
const extension = extname(import.meta.filename);
const replicas: ChildProcess[] = Array.from({ length: count }, (_, n) =>
  spawn(process.execPath, [...process.execArgv, join(import.meta.dirname, `main${extension}`)], {
    env: { ...process.env, STORAGE_PORT: String(port === 0 ? 0 : port + n) },
    stdio: 'inherit',
  }),
);

let ended = 0;
for (const replica of replicas)
  replica.once('exit', (code) => {
    ended += 1;
    process.exitCode ||= code ?? 1;
    if (ended === 1) stop('SIGTERM');
  });
for (const signal of ['SIGTERM', 'SIGINT'] as const) process.on(signal, () => stop(signal));

function stop(signal: NodeJS.Signals): void {
  for (const replica of replicas) replica.kill(signal);
}
