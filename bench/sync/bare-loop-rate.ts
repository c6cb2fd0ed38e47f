import type { Stream } from '@millrace/core/schema/stream';
import { z } from 'zod';
import { runProgram } from '../measure/run-program.ts';
import type { BenchContext } from '../row.ts';

const result = z.object({ records: z.number(), ms: z.number() });

/** How many records a second the bare loop reads of feeds, and writes to a stream's topic where it is to. */
export async function bareLoop(
  { kafkaBrokers }: BenchContext,
  { topic, avro }: Stream,
  mode: 'produce' | 'read',
  urls: readonly string[],
): Promise<number> {
  const args = [kafkaBrokers.join(','), topic, JSON.stringify(avro), mode, ...urls];
  const { records, ms } = result.parse(await runProgram('sync/bare-loop', args));
  return records / (ms / 1_000);
}
