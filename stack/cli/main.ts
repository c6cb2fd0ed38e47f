import { readGivenEnvironment } from '@millrace/core/config/read-environment';
import { Problem } from '@millrace/core/problem/problem';
import { Command, InvalidArgumentError } from 'commander';
import { type DemoOptions, demo } from '../demo/demo.ts';
import { parseMonth } from '../demo/month.ts';
import { readStackSettings } from '../settings/stack-settings.ts';
import { StackError } from '../stack-error.ts';
import { clean } from './clean.ts';
import { down } from './down.ts';
import { kafkaTool } from './kafka-tool.ts';
import { logs } from './logs.ts';
import { type SkipArguments, skip } from './skip.ts';
import { sql } from './sql.ts';
import type { StackCli } from './stack-cli.ts';
import { status } from './status.ts';
import { type TailArguments, tail } from './tail.ts';
import { up } from './up.ts';

function cli(): StackCli {
  const env = readGivenEnvironment();
  return { env, settings: readStackSettings(env), out: process.stdout };
}

function count(text: string): number {
  if (!/^\d+$/.test(text)) throw new InvalidArgumentError('It must be a whole number.');
  return Number(text);
}

function offset(text: string): bigint {
  if (!/^\d{1,19}$/.test(text)) throw new InvalidArgumentError('It must be an offset, a whole number.');
  return BigInt(text);
}

function month(text: string) {
  const found = parseMonth(text);
  if (!found) throw new InvalidArgumentError('It must be a month such as 2025-03.');
  return found;
}

const program = new Command('stack')
  .description('Kafka, registry, database and services on this machine')
  .enablePositionalOptions();

program
  .command('up')
  .description('start everything and wait until it is ready')
  .action(() => up(cli()));
program
  .command('down')
  .description('stop everything, in order')
  .action(() => down(cli()));
program
  .command('clean')
  .description('stop everything and remove its data')
  .action(() => clean(cli()));
program
  .command('status')
  .description('what runs, where, since when')
  .action(() => status(cli()));
program
  .command('logs [service]')
  .description('the logs of one service or all')
  .option('--no-follow', 'stop at the end')
  .option('--lines <count>', 'how many old lines of each', count, 20)
  .action((service: string | undefined, { follow, lines }: { follow: boolean; lines: number }) =>
    logs(cli(), { ...(service && { service }), follow, lines }),
  );
program
  .command('tail [stream]')
  .description('a stream as JSON lines')
  .option('--from <place>', 'start, end or a time such as 2026-03-14T07:30:00Z (default: start, or end with --follow)')
  .option('--follow', 'go on as records arrive', false)
  .option('--limit <count>', 'end after this many records', count, Number.POSITIVE_INFINITY)
  .action((stream: string | undefined, options: TailArguments) => tail(cli(), stream, options));
program
  .command('skip')
  .description(
    'have storage, the analyzer and make tail pass over a batch that can not be read, such as a damaged one: its offsets are ' +
      'in /readyz and in the log. What can be read is read all the same, so that a TO too high loses nothing',
  )
  .option('--topic <topic>', 'such as running')
  .option('--partition <number>', 'of the topic', count)
  .option('--to <offset>', 'the offset after the batch', offset)
  .action((options: SkipArguments) => skip(cli(), options));
program
  .command('demo')
  .description('post a plausible week or month of runs and songs, then show what to ask')
  .option('--users <count>', 'how many people', count, 40)
  .option('--days <count>', 'how many days, up to yesterday', count, 7)
  .option('--month <month>', 'instead of the last days all of a month, such as 2025-03', month)
  .option('--seed <text>', 'another seed is other people; the same one repeats the same events', 'millrace')
  .action((options: DemoOptions) => demo(cli(), options));
program
  .command('kafka <tool> [args...]')
  .description("one of Kafka's own tools, such as topics or console-consumer")
  .helpOption(false)
  .allowUnknownOption()
  .passThroughOptions()
  .action(async (tool: string, args: string[]) => {
    process.exitCode = await kafkaTool(cli(), tool, args);
  });

program
  .command('sql [args...]')
  .description('the SQL client of the database, on its tables')
  .option('--as-root', 'as root, over the socket', false)
  .helpOption(false)
  .allowUnknownOption()
  .passThroughOptions()
  .action(async (args: string[], options: { asRoot: boolean }) => {
    process.exitCode = await sql(cli(), args, options);
  });

// Whoever reads us, such as head, may have seen enough.
process.stdout.on('error', (error: NodeJS.ErrnoException) => process.exit(error.code === 'EPIPE' ? 0 : 1));

try {
  await program.parseAsync();
} catch (error) {
  const lines = failureLines(error);
  if (!lines) throw error;
  process.stderr.write(`${lines.join('\n')}\n`);
  process.exitCode = 1;
}

/** The lines of an expected error, which a person can act on; undefined for an unexpected one, which is printed with its stack. */
function failureLines(error: unknown): string[] | undefined {
  if (error instanceof Problem)
    return [error.message, ...error.errors.map(({ pointer, message }) => `  ${pointer.slice(1)} ${message}`)];
  const isSystem = error instanceof Error && 'syscall' in error;
  return error instanceof StackError || isSystem ? [error.message] : undefined;
}
