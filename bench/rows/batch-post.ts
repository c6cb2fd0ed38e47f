import { execFile } from 'node:child_process';
import { extname, join } from 'node:path';
import { promisify } from 'node:util';
import { withWorld } from '../bench-world.ts';
import { watchProcess } from '../measure/watch-process.ts';
import { benchRun } from '../receiver/bench-run.ts';
import { loadOf } from '../receiver/load-of.ts';
import type { BenchContext, RowResult } from '../row.ts';

const RECORDS = 500;
const CONNECTIONS = 8;
const SECONDS = 5;
const ROUNDS = 3;
const BARE_BATCHES = 400;
/** What one of the records takes as Avro. */
const RECORD_BYTES = 158;

/** Batches over HTTP through the receiver; beside it, kafkajs alone with the bytes ready. Rounds alternate. */
export function run(context: BenchContext): Promise<RowResult> {
  return withWorld(context, async (world) => {
    const { path, topic } = world.stream();
    const receiver = await world.start('receiver');
    const bodies = Array.from({ length: 10 }, (_, n) =>
      JSON.stringify(Array.from({ length: RECORDS }, (_, i) => benchRun(n * RECORDS + i))),
    );
    const load = (seconds: number) =>
      loadOf({ url: `${receiver.url}${path}`, connections: CONNECTIONS, seconds, bodies });
    await load(2);
    const watch = watchProcess(receiver.url);
    const raw: number[] = [];
    const ours: number[] = [];
    const p99s: number[] = [];
    for (let round = 0; round < ROUNDS; round += 1) {
      raw.push(await bareProducer(context.kafkaBrokers.join(','), topic));
      const { perSecond, p99 } = await load(SECONDS);
      ours.push(perSecond * RECORDS);
      p99s.push(p99);
    }
    const { residentMegabytes, loopDelayP99Ms } = watch.peaks();
    return {
      name: `POST of ${RECORDS} records through the receiver, acks=all, ${CONNECTIONS} connections`,
      rawName: 'bare kafkajs producer, bytes ready and partitions chosen',
      raw: median(raw),
      ours: median(ours),
      unit: 'records/s',
      bar: 0.5,
      residentMegabytes,
      loopDelayP99Ms,
      notes: [`ours p99 ${median(p99s)} ms for ${RECORDS} records`],
    };
  });
}

async function bareProducer(brokers: string, topic: string): Promise<number> {
  const extension = extname(import.meta.filename);
  const script = join(import.meta.dirname, `../receiver/bare-producer${extension}`);
  const args = [...(extension === '.ts' ? ['--import', 'tsx'] : []), script, brokers, topic];
  const numbers = [BARE_BATCHES, RECORDS, RECORD_BYTES, CONNECTIONS].map(String);
  const { stdout } = await promisify(execFile)(process.execPath, [...args, ...numbers]);
  const { records, ms }: { records: number; ms: number } = JSON.parse(stdout);
  return (records / ms) * 1_000;
}

function median(values: readonly number[]): number {
  return [...values].sort((a, b) => a - b)[Math.floor(values.length / 2)] ?? 0;
}
