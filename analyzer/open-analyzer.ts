import { join } from 'node:path';
import type { Worker } from 'node:worker_threads';
import type { Config } from '@millrace/core/config/read-config';
import type { Route } from '@millrace/core/http/route-table';
import type { Stream } from '@millrace/core/schema/stream';
import type { Check } from '@millrace/core/service/health';
import type { ServiceFrame } from '@millrace/core/service/run-service';
import { watchProgress } from '@millrace/core/service/watch-progress';
import { checkKafka } from '@millrace/core/stream/check-kafka';
import { checkReadable } from '@millrace/core/stream/check-readable';
import { connectKafka } from '@millrace/core/stream/connect-kafka';
import { ensureTopics } from '@millrace/core/stream/ensure-topics';
import { openLogEnds } from '@millrace/core/stream/open-log-ends';
import { openRegistry } from '@millrace/core/stream/open-registry';
import { createReaderPool } from './ask/reader-pool.ts';
import { countRecords } from './count-records.ts';
import { keepHistories } from './epoch/keep-histories.ts';
import { watchCatchUp } from './epoch/watch-catch-up.ts';
import { analyzerRoutes } from './http/analyzer-routes.ts';
import type { LiveAnswers } from './http/live-answers.ts';
import { analyzerMetrics } from './metrics.ts';
import { checkTopics } from './order/check-topics.ts';
import { endsOrRecreate } from './order/ends-or-recreate.ts';
import { threadReaders } from './read/open-reader.ts';
import type { AnalyzerSettings } from './settings.ts';
import { openSnapshots } from './snapshot/open-snapshots.ts';
import { openDatabase } from './store/open-database.ts';

type AnalyzerOptions = Pick<ServiceFrame, 'use' | 'untilUp' | 'config' | 'log' | 'metrics'> & {
  readonly settings: AnalyzerSettings;
  readonly streams: readonly Stream[];
  /** Gives the thread that reads the topics. */
  readonly reader: () => Worker;
};

export type OpenAnalyzer = {
  readonly routes: readonly Route[];
  readonly checks: Readonly<Record<string, Check>>;
  /** To be closed before the HTTP server, whose open answers these are. */
  readonly live: LiveAnswers;
};

/** Connections, and how many requests may wait for one. Pages of exports are short queries, files take as long as a history is long. */
const READERS = {
  lookups: { size: 2, maxWaiting: 1_000 },
  questions: { size: 2, maxWaiting: 100 },
  pages: { size: 1, maxWaiting: 100 },
  files: { size: 2, maxWaiting: 16 },
};

/** Opens the analyzer's parts, those that need no other at the same time, waiting for dependencies that are not up yet. */
export async function openAnalyzer(options: AnalyzerOptions): Promise<OpenAnalyzer> {
  const { use, untilUp, config, settings, log, metrics, streams } = options;
  const registry = openRegistry(config.registryUrl);
  const [{ kafka, admin, ends }, database] = await Promise.all([
    openKafka(options),
    use(openDatabase({ ...databaseSettings(config, settings), log })),
    untilUp('the schema registry', () => Promise.all(streams.map(registry.register))),
  ]);
  const budgetMs = settings.STATS_BUDGET_MS;
  const pools = {
    lookups: await use(createReaderPool(database.connect, { ...READERS.lookups, budgetMs }, database.trackRead)),
    questions: await use(createReaderPool(database.connect, { ...READERS.questions, budgetMs })),
    pages: await use(createReaderPool(database.connect, { ...READERS.pages, budgetMs })),
    files: await use(createReaderPool(database.connect, { ...READERS.files, budgetMs })),
  };

  const snapshots = await use(
    openSnapshots({
      kafka,
      admin,
      log,
      groupPrefix: config.kafka.groupPrefix,
      replicationFactor: config.kafka.replicationFactor,
    }),
  );
  const kept = await use(
    keepHistories({
      ...{ streams, database, snapshots, log },
      writerType: (id) => untilUp('the schema registry', () => registry.writerType(id)),
      openReader: threadReaders({
        thread: options.reader,
        brokers: config.kafka.brokers,
        registryUrl: config.registryUrl,
        logLevel: config.logLevel,
      }),
      endOffsets: endsOrRecreate(ends.of, log, (topic) => {
        const own = streams.filter((stream) => stream.topic === topic);
        return ensureTopics(admin, own, config.kafka.replicationFactor);
      }),
      groupPrefix: config.kafka.groupPrefix,
      clockSkewMs: settings.ANALYZER_CLOCK_SKEW_MS,
      ...countRecords(metrics, log),
    }),
  );
  const catchUp = await use(watchCatchUp(kept, log));
  metrics.gauge(analyzerMetrics.unreadable, () => kept.unreadable().length);
  const exportDir = join(config.dataDir, 'analyzer', 'exports');
  const { routes, live } = analyzerRoutes({ streams, kept, pools, budgetMs, exportDir });
  return {
    routes,
    live,
    checks: {
      kafka: checkKafka(admin),
      history: catchUp.check,
      topics: () => checkTopics(kept.numberings()),
      consumer: checkReadable(
        kept.unreadable,
        watchProgress({
          lag: () => kept.numberings().reduce((sum, { lag }) => sum + (lag() ?? 0n), 0n),
          position: () => kept.numberings().reduce((sum, { history }) => sum + history.count(), 0n),
          stuckAfterMs: config.stuckAfterMs,
        }),
      ),
    },
  };
}

/** Our topics are there, and where they end can be asked. */
async function openKafka({ use, untilUp, config, log, streams }: AnalyzerOptions) {
  const kafka = connectKafka({ brokers: config.kafka.brokers, clientId: 'millrace-analyzer', log });
  const name = `Kafka at ${config.kafka.brokers.join(', ')}`;
  const topics = async () => {
    const admin = await use(untilUp(name, () => kafka.openAdmin()));
    await untilUp(name, () => ensureTopics(admin, streams, config.kafka.replicationFactor));
    return admin;
  };
  const [admin, ends] = await Promise.all([topics(), use(untilUp(name, () => openLogEnds(kafka)))]);
  return { kafka, admin, ends };
}

function databaseSettings({ dataDir }: Config, settings: AnalyzerSettings) {
  return {
    file: join(dataDir, 'analyzer', 'analyzer.duckdb'),
    memoryLimit: settings.DUCKDB_MEMORY_LIMIT,
    threads: settings.DUCKDB_THREADS,
  };
}
