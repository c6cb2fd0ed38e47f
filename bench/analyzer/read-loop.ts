import { execFile } from 'node:child_process';
import { extname, join } from 'node:path';
import { promisify } from 'node:util';
import type { Stream } from '@millrace/core/schema/stream';
import type { BenchContext } from '../row.ts';

/** How many milliseconds the bare loop takes to read `count` records of a topic. */
export async function readLoop({ kafkaBrokers }: BenchContext, stream: Stream, count: number): Promise<number> {
  const extension = extname(import.meta.filename);
  const script = join(import.meta.dirname, `bare-loop${extension}`);
  const args = [...(extension === '.ts' ? ['--conditions=source', '--import', 'tsx'] : []), script];
  const settings = [kafkaBrokers.join(','), stream.topic, String(count), JSON.stringify(stream.avro)];
  const { stdout } = await promisify(execFile)(process.execPath, [...args, ...settings]);
  const { ms }: { ms: number } = JSON.parse(stdout);
  return ms;
}
