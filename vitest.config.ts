import { defineConfig } from 'vitest/config';

const fromSource = {
  resolve: { conditions: ['source'] },
  ssr: { resolve: { conditions: ['source'], externalConditions: ['source'] } },
};
const never = ['**/node_modules/**', '**/dist/**'];

export default defineConfig({
  test: {
    projects: [
      {
        ...fromSource,
        test: {
          name: 'unit',
          setupFiles: ['testing/leak-check.ts'],
          include: ['**/*.test.ts'],
          exclude: [...never, '**/*.int.test.ts', '**/*.e2e.test.ts', '**/*.nodes.test.ts'],
          testTimeout: 60_000,
          hookTimeout: 60_000,
          // Its files mock nothing and leave nothing behind, so they share what they import: half the time.
          isolate: false,
        },
      },
      {
        ...fromSource,
        test: {
          name: 'int',
          setupFiles: ['testing/leak-check.ts'],
          include: ['test/*.int.test.ts', '*/test/**/*.int.test.ts'],
          exclude: never,
          globalSetup: ['stack/harness/start-for-run.ts'],
          testTimeout: 120_000,
          // A world of the shipped schemas waits for another one.
          hookTimeout: 900_000,
          fileParallelism: false,
        },
      },
      {
        ...fromSource,
        test: {
          name: 'e2e',
          setupFiles: ['testing/leak-check.ts'],
          include: ['test/**/*.e2e.test.ts'],
          exclude: never,
          testTimeout: 300_000,
          hookTimeout: 600_000,
          fileParallelism: false,
        },
      },
      {
        ...fromSource,
        test: {
          name: 'nodes',
          setupFiles: ['testing/leak-check.ts'],
          include: ['test/**/*.nodes.test.ts'],
          exclude: never,
          testTimeout: 300_000,
          hookTimeout: 600_000,
          fileParallelism: false,
        },
      },
    ],
  },
});
