import { type ChildProcess, spawn } from 'node:child_process';
import { extname, join } from 'node:path';
import { parseArgs } from 'node:util';
import { readConfig } from '@millrace/core/config/read-config';
import { readEnvironment } from '@millrace/core/config/read-environment';

/** Runs several storages on this machine, one port after another from STORAGE_PORT. They share the partitions; one that ends ends all. */
const { values } = parseArgs({ options: { replicas: { type: 'string', default: '1' } } });
const count = Number(values.replicas);
if (!Number.isInteger(count) || count < 1 || count > 64) {
  process.stderr.write('--replicas must be a whole number from 1 to 64\n');
  process.exit(2);
}

const port = readConfig(readEnvironment()).ports.storage;
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
