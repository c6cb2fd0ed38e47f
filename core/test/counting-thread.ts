import type { Config } from '../config/read-config.ts';
import { Problem } from '../problem/problem.ts';
import { runThread } from '../thread/run-thread.ts';

export type CountingSettings = { readonly config: Pick<Config, 'logLevel'>; readonly from: number };

export type CountingAnswers = {
  readonly add: (more: number) => Promise<number>;
  readonly fail: (reason: string) => Promise<never>;
  readonly refuse: () => Promise<never>;
  readonly end: () => Promise<never>;
};

export type CountingEvents = {
  readonly counted: (count: number) => void;
  readonly closed: () => void;
};

/** A thread for tests: it counts. */
await runThread<CountingSettings, CountingAnswers, CountingEvents>('counting', async ({ settings, use, report }) => {
  let count = settings.from;
  if (count < 0) throw new Error('counting begins at zero');
  await use({ close: () => report.closed() });
  return {
    async add(more) {
      count += more;
      report.counted(count);
      return count;
    },
    fail: (reason) => Promise.reject(new TypeError(reason)),
    refuse: () => Promise.reject(new Problem('saturated', 'too many', { headers: { 'retry-after': '5' } })),
    end: () => process.exit(3),
  };
});
