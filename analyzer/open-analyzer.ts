import { join } from 'node:path';
import type { Config } from '@millrace/core/config/read-config';
import type { Route } from '@millrace/core/http/route-table';
import type { Stream } from '@millrace/core/schema/stream';
import type { Check } from '@millrace/core/service/health';
import type { ServiceFrame } from '@millrace/core/service/run-service';
import { watchProgress } from '@millrace/core/service/watch-progress';
import { checkKafka } from '@millrace/core/stream/check-kafka';
import { connectKafka, openAdmin } from '@millrace/core/stream/connect-kafka';
import { ensureTopics } from '@millrace/core/stream/ensure-topics';
import { openLogEnds } from '@millrace/core/stream/open-log-ends';
import { openRegistry } from '@millrace/core/stream/open-registry';
import { createReaderPool } from './ask/reader-pool.ts';
import { countRecords } from './count-records.ts';
import { analyzerRoutes } from './http/analyzer-routes.ts';
import { createLiveAnswers, type LiveAnswers } from './http/live-answers.ts';
import { keepHistories } from './keep-histories.ts';
import { watchCatchUp } from './order/catch-up.ts';
import { freshnessOf } from './order/freshness.ts';
import { openDatabase } from './store/open-database.ts';

type AnalyzerOptions = Pick<ServiceFrame, 'use' | 'untilUp' | 'config' | 'log' | 'metrics'> & {
  readonly streams: readonly Stream[];
};

export type OpenAnalyzer = {
  readonly routes: readonly Route[];
  readonly checks: Readonly<Record<string, Check>>;
  /** To be closed before the HTTP server, whose open answers these are. */
  readonly live: LiveAnswers;
};

const LOOKUP_READERS = 2;
const QUESTION_READERS = 2;

/** Opens the analyzer's parts in the order they need one another, waiting for what is not up yet. */
export async function openAnalyzer(options: AnalyzerOptions): Promise<OpenAnalyzer> {
  const { use, untilUp, config, log, metrics, streams } = options;
  const database = await use(openDatabase({ ...databaseSettings(config), log }));
  const lookups = await use(createReaderPool(database.connect, LOOKUP_READERS));
  const questions = await use(createReaderPool(database.connect, QUESTION_READERS));
  const kafka = connectKafka({ brokers: config.kafka.brokers, clientId: 'millrace-analyzer', log });
  const kafkaName = `Kafka at ${config.kafka.brokers.join(', ')}`;
  const admin = await use(untilUp(kafkaName, () => openAdmin(kafka)));
  await untilUp(kafkaName, () => ensureTopics(admin, streams, config.kafka.replicationFactor));
  const ends = await use(untilUp(kafkaName, () => openLogEnds(kafka)));
  const registry = openRegistry(config.registryUrl);
  await untilUp('the schema registry', () => Promise.all(streams.map(registry.register)));

  const kept = await use(
    keepHistories({
      ...{ streams, database, log },
      writerType: (id) => untilUp('the schema registry', () => registry.writerType(id)),
      reader: { brokers: config.kafka.brokers, registryUrl: config.registryUrl, logLevel: config.logLevel },
      endOffsets: ends.of,
      groupPrefix: config.kafka.groupPrefix,
      clockSkewMs: config.analyzer.clockSkewMs,
      ...countRecords(metrics, log),
    }),
  );
  const catchUp = await use(watchCatchUp(kept, log));
  const live = createLiveAnswers();
  const exportDir = join(config.dataDir, 'analyzer', 'exports');
  return {
    routes: analyzerRoutes({
      streams,
      kept,
      lookups,
      questions,
      live,
      budgetMs: config.analyzer.statsBudgetMs,
      exportDir,
    }),
    live,
    checks: {
      kafka: checkKafka(admin),
      history: catchUp.check,
      consumer: watchProgress({
        lag: () => freshnessOf(kept.numberings()).lag,
        position: () => kept.numberings().reduce((sum, { history }) => sum + history.count(), 0n),
        stuckAfterMs: config.stuckAfterMs,
      }),
    },
  };
}

function databaseSettings({ dataDir, analyzer }: Config) {
  return {
    file: join(dataDir, 'analyzer', 'analyzer.duckdb'),
    memoryLimit: analyzer.duckdbMemoryLimit,
    threads: analyzer.duckdbThreads,
  };
}
