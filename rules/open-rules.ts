import type { Config } from '@millrace/core/config/read-config';
import type { Database } from '@millrace/core/database/open-database';
import type { Route } from '@millrace/core/http/route-table';
import type { Log } from '@millrace/core/log/create-log';
import type { Metrics } from '@millrace/core/metrics/create-metrics';
import type { Stream } from '@millrace/core/schema/stream';
import type { Check } from '@millrace/core/service/health';
import type { Use } from '@millrace/core/service/parts';
import type { UntilUp } from '@millrace/core/service/until-up';
import { checkKafka } from '@millrace/core/stream/check-kafka';
import { watchTopics } from '@millrace/core/stream/watch-topics';
import { openThread } from '@millrace/core/thread/open-thread';
import { startThread } from '@millrace/core/thread/start-thread';
import { checkAccountWorker } from './account/check-account-worker.ts';
import { startAccountWorker } from './account/start-account-worker.ts';
import { checkRules } from './catalog/check-rules.ts';
import { followRules } from './catalog/follow-rules.ts';
import { readRules } from './catalog/read-rules.ts';
import { createChangeRule } from './change/change-rules.ts';
import { countOutcomes } from './count-outcomes.ts';
import { createDryRuns, type DryRuns } from './dry/dry-runs.ts';
import { openParts } from './open-parts.ts';
import { prepareDatabase } from './prepare-database.ts';
import { askDryRun } from './routes/ask-dry-run.ts';
import { gapRoutes } from './routes/gap-routes.ts';
import { ruleRoutes } from './routes/rule-routes.ts';
import { runRoutes } from './routes/run-routes.ts';
import type { RulesSettings } from './settings.ts';
import { writeShippedRules } from './shipped/write-shipped-rules.ts';
import type { Roles } from './streams/roles.ts';
import type { HistoryAnswers, HistoryEvents, LiveEvents, ThreadSettings } from './threads/thread-messages.ts';

type RulesOptions = {
  readonly use: Use;
  readonly untilUp: UntilUp;
  readonly config: Config;
  readonly settings: RulesSettings;
  readonly log: Log;
  readonly metrics: Metrics;
  readonly db: Database;
  readonly streams: readonly Stream[];
  readonly roles: Roles;
};

export type Rules = {
  readonly routes: readonly Route[];
  /** By the name that `/readyz` shows. */
  readonly checks: Readonly<Record<string, Check>>;
};

/** Opens all of rules but the HTTP server. Waits for dependencies that are not up yet. */
export async function openRules(options: RulesOptions): Promise<Rules> {
  const { use, untilUp, config, settings, log, metrics, db, streams, roles } = options;
  const live = Array.from({ length: settings.RULES_THREADS }, () =>
    startThread(import.meta.url, './threads/live-thread'),
  );
  await untilUp('the database', () => prepareDatabase(db));
  const parts = await openParts(options);
  const { kafka, admin, producer, registry, subjects, onKafka } = parts;
  const { groupPrefix, replicationFactor } = config.kafka;
  const topics = await use(
    watchTopics({ admin, streams: [...subjects.read.values(), ...Object.values(roles)], replicationFactor, log }),
  );
  const counted = countOutcomes(metrics);

  const rules = await use(
    onKafka(() =>
      followRules({
        ...{ kafka, admin, log, groupPrefix, topic: roles.rules.topic, read: readRules(subjects, registry) },
        onUnusable({ offset, partition, ruleId: rule_id, says }) {
          const { topic } = roles.rules;
          log.error({ topic, partition, offset, rule_id, reason: says.fault }, 'a record of rules can not be used');
          counted.unusable(topic, 1);
        },
      }),
    ),
  );
  await untilUp('the rules', rules.upToDate);
  const change = createChangeRule({ db, rules, producer, topic: roles.rules.topic, toRecord: parts.toRule });
  if (settings.RULES_SHIPPED === 'on')
    await untilUp('the shipped rules', () =>
      writeShippedRules({ streams, subjects, catalog: rules.catalog, change, log }),
    );

  const { RULES_CLOCK_SKEW_MS, MAX_CHAIN_DEPTH, RULES_KEEP_NOT_WON, RULES_OFF_AT_FAILURES } = settings;
  const threadSettings: ThreadSettings = {
    ...{ config, streams, roles },
    settings: { RULES_CLOCK_SKEW_MS, MAX_CHAIN_DEPTH, RULES_KEEP_NOT_WON, RULES_OFF_AT_FAILURES },
  };
  for (const [index, thread] of live.entries())
    await use(openThread<object, LiveEvents>(thread, threadSettings, counted.of(index)));
  const runs: DryRuns = createDryRuns(db, () => history, log);
  // Events come first: nobody waits for this thread but who asks for a dry run.
  const history = openThread<HistoryAnswers, HistoryEvents>(
    startThread(import.meta.url, './threads/history-thread'),
    threadSettings,
    { written: counted.written, read: runs.onRead },
  );
  await use({ done: history.then(({ done }) => done), close: async () => (await history).close() });
  await use(runs);

  const { accounts, events } = roles;
  const welcome = { kafka, admin, registry, producer, db, accounts, events, groupPrefix, log };
  const worker = await use(onKafka(() => startAccountWorker({ ...welcome, toRecord: parts.toEvent })));
  const withinMs = settings.RULES_DRY_RUN_SECONDS * 1_000;
  // A fill is in the database by then: where the thread does not learn of it, it is found later.
  const onFill = () => void history.then(({ ask }) => ask('fill')).catch(() => undefined);
  return {
    routes: [
      ...runRoutes(db),
      ...gapRoutes({ db, rules, subjects, onFill }),
      ...ruleRoutes({ rules, subjects, change, dryRun: askDryRun({ db, rules, subjects, runs, withinMs }) }),
    ],
    checks: {
      database: async () => {
        await db.raw('SELECT 1');
        return { ok: true, detail: 'answers' };
      },
      kafka: checkKafka(admin),
      topics: topics.check,
      accounts: checkAccountWorker(admin, worker, config.stuckAfterMs),
      rules: checkRules(rules.catalog),
    },
  };
}
