import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { startAnalyzer } from '@millrace/analyzer/harness/start-analyzer';
import type { RunningService } from '@millrace/core/harness/start-service';
import type { BenchContext } from '../row.ts';
import type { FilledTopic } from './fill-topic.ts';

/** What the work gets: how to start an analyzer of the topic, again and again over the same data folder. */
export type AnalyzerOf = { start(): Promise<RunningService>; readonly dataDir: string };

/** Gives the work an analyzer with a data folder of its own, and ends and removes both afterwards. */
export async function withAnalyzer<Result>(
  context: BenchContext,
  topic: FilledTopic,
  work: (analyzer: AnalyzerOf) => Promise<Result>,
): Promise<Result> {
  const dataDir = await mkdtemp(join(tmpdir(), 'bench-analyzer-'));
  const started: RunningService[] = [];
  try {
    return await work({
      dataDir,
      async start() {
        const analyzer = await startAnalyzer({
          kafkaBrokers: context.kafkaBrokers.join(','),
          registryUrl: context.registryUrl,
          schemasDir: topic.schemasDir,
          dataDir,
        });
        started.push(analyzer);
        return analyzer;
      },
    });
  } finally {
    for (const analyzer of started) await analyzer.stop();
    await rm(dataDir, { recursive: true });
  }
}
