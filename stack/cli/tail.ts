import { readConfig } from '@millrace/core/config/read-config';
import { addressesIn } from '../settings/addresses.ts';
import { StackError } from '../stack-error.ts';
import { parseFrom } from '../tail/offset-ranges.ts';
import { tailStream } from '../tail/tail-stream.ts';
import type { StackCli } from './stack-cli.ts';

export type TailArguments = { readonly from?: string; readonly follow: boolean; readonly limit: number };

/** Prints a stream of this stack, or of the Kafka that KAFKA_BROKERS names. */
export async function tail(
  { env, out }: StackCli,
  stream: string | undefined,
  { from, follow, limit }: TailArguments,
): Promise<void> {
  if (!stream) throw new StackError('Say which stream: make tail STREAM=running');
  const { kafkaBrokers, registryUrl } = addressesIn(env);
  const stop = new AbortController();
  process.once('SIGINT', () => stop.abort()).once('SIGTERM', () => stop.abort());
  await tailStream({
    stream,
    schemasDir: readConfig(env).schemasDir,
    kafkaBrokers,
    registryUrl,
    from: parseFrom(from ?? (follow ? 'end' : 'start')),
    follow,
    limit,
    print: (line) => out.write(`${line}\n`),
    signal: stop.signal,
  });
}
