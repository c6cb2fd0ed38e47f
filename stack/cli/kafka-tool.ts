import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdir, writeFile } from 'node:fs/promises';
import { delimiter, join } from 'node:path';
import { prepareRuntime } from '../artifacts/runtime.ts';
import { startCache } from '../java/start-cache.ts';
import { addressesIn } from '../settings/addresses.ts';
import { StackError } from '../stack-error.ts';
import { kafkaTools } from './kafka-tools.ts';
import type { StackCli } from './stack-cli.ts';

/** Warnings go to the error stream, so that what a tool prints can be piped on. */
const logging = `Configuration:
  Appenders:
    Console: { name: err, target: SYSTEM_ERR, PatternLayout: { pattern: "%p %m%n" } }
  Loggers:
    Root: { level: ERROR, AppenderRef: { ref: err } }
`;

/** Runs one of Kafka's own tools on the stack's broker, unless the arguments name another. Answers its exit code. */
export async function kafkaTool(cli: StackCli, name: string, args: readonly string[]): Promise<number> {
  const tool = Object.hasOwn(kafkaTools, name) ? kafkaTools[name] : undefined;
  if (!tool) {
    throw new StackError(`There is no kafka-${name}. There are: ${Object.keys(kafkaTools).join(', ')}.`);
  }
  const { settings, env } = cli;
  const runtime = await prepareRuntime({ ...settings, env, out: process.stderr });
  const loggingFile = join(settings.cacheDir, 'kafka-tools.log4j2.yaml');
  await mkdir(settings.cacheDir, { recursive: true });
  await writeFile(loggingFile, logging);

  const given = args.some((arg) =>
    /^--(bootstrap-server|bootstrap-controller|broker-list|producer-props|help|version)\b/.test(arg),
  );
  const brokers = addressesIn(env).kafkaBrokers;
  const where = tool.broker && !given ? [tool.broker, brokers] : [];
  const { flags } = await startCache({ ...runtime, train: false }, 'kafka', runtime.kafkaClasspath);
  const options = [
    '-Xmx256m',
    '-XX:+UseSerialGC',
    '-XX:TieredStopAtLevel=1',
    `-Dlog4j2.configurationFile=${loggingFile}`,
  ];
  const command = [
    ...flags,
    ...options,
    '-cp',
    runtime.kafkaClasspath.join(delimiter),
    tool.main,
    ...(tool.verbFirst ? [...args, ...where] : [...where, ...args]),
  ];

  // Ctrl-C reaches the tool itself, which ends on its own terms; we wait for that.
  process.on('SIGINT', () => {});
  const child = spawn(runtime.java.path, command, { stdio: 'inherit' });
  const [code] = await once(child, 'exit');
  return typeof code === 'number' ? code : 1;
}
