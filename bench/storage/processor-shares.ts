import { portHolderPid } from '@millrace/stack/cli/port-holder';
import type { BenchContext } from '../row.ts';
import { processorSeconds } from './processor-seconds.ts';

export type ProcessorShares = { end(rows: number): Promise<string> };

/** Measures the processor time of storage, the database and Kafka from now on; `end` says it in a note. */
export async function processorShares(context: BenchContext, storagePids: readonly number[]): Promise<ProcessorShares> {
  const pids = {
    storage: storagePids,
    database: [await portHolderPid(Number(new URL(context.databaseUrl).port))],
    Kafka: [await portHolderPid(Number(context.kafkaBrokers[0]?.split(':').at(-1)))],
  };
  const start = await usedBy(pids);

  return {
    async end(rows) {
      const used = await usedBy(pids);
      const parts = Object.entries(used).map(([name, seconds]) => ({ name, seconds: seconds - (start[name] ?? 0) }));
      const total = parts.reduce((sum, { seconds }) => sum + seconds, 0);
      if (!(total > 0)) return 'processor time by part: not published by this system, or the parts run elsewhere';
      const words = parts.map(
        ({ name, seconds }) =>
          `${name} ${Math.round((seconds / total) * 100)} % (${((seconds * 1e6) / rows).toFixed(1)} µs a row)`,
      );
      return `processor time: ${words.join(', ')}`;
    },
  };
}

async function usedBy(
  pids: Readonly<Record<string, readonly (number | undefined)[]>>,
): Promise<Record<string, number>> {
  const used = Object.entries(pids).map(async ([name, some]): Promise<[string, number]> => {
    const seconds = await Promise.all(some.map(processorSeconds));
    return [name, seconds.reduce<number>((sum, each) => sum + (each ?? Number.NaN), 0)];
  });
  return Object.fromEntries(await Promise.all(used));
}
