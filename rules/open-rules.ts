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
import { checkAccountWorker } from './account/check-account-worker.ts';
import { startAccountWorker } from './account/start-account-worker.ts';
import { checkRules } from './catalog/check-rules.ts';
import { followRules } from './catalog/follow-rules.ts';
import { readRules } from './catalog/read-rules.ts';
import { createChangeRule } from './change/change-rules.ts';
import { createDryRuns } from './dry/dry-runs.ts';
import { startFiller } from './gaps/start-filler.ts';
import { openLive } from './live/open-live.ts';
import { createTurnOff } from './live/turn-off.ts';
import { watchFailures } from './live/watch-failures.ts';
import { rulesMetrics } from './metrics.ts';
import { openParts } from './open-parts.ts';
import { prepareDatabase } from './prepare-database.ts';
import { openReaders } from './read/read-entries.ts';
import { askDryRun } from './routes/ask-dry-run.ts';
import { gapRoutes } from './routes/gap-routes.ts';
import { ruleRoutes } from './routes/rule-routes.ts';
import { runRoutes } from './routes/run-routes.ts';
import type { RulesSettings } from './settings.ts';
import { writeShippedRules } from './shipped/write-shipped-rules.ts';
import type { Roles } from './streams/roles.ts';
import type { WriteOutcomes } from './write/write-outcomes.ts';

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
  await untilUp('the database', () => prepareDatabase(db));
  const parts = await openParts(options);
  const { kafka, admin, ends, producer, registry, subjects, onKafka } = parts;
  const { groupPrefix } = config.kafka;
  const [clockSkewMs, maxDepth] = [settings.RULES_CLOCK_SKEW_MS, settings.MAX_CHAIN_DEPTH];
  const keepNotWon = settings.RULES_KEEP_NOT_WON;
  const unusable = metrics.counter(rulesMetrics.unusable);
  const outcomes = metrics.counter(rulesMetrics.outcomes);
  const turnedOff = metrics.counter(rulesMetrics.turnedOff);
  const evaluated = metrics.counter(rulesMetrics.evaluations);
  const [succeeded, failed] = [evaluated.labels('done'), evaluated.labels('failed')];

  const rules = await use(
    onKafka(() =>
      followRules({
        ...{ kafka, admin, log, groupPrefix, topic: roles.rules.topic, read: readRules(subjects, registry) },
        onUnusable: () => unusable.labels(roles.rules.topic).inc(),
      }),
    ),
  );
  await untilUp('the rules', rules.upToDate);
  const change = createChangeRule({ db, rules, producer, topic: roles.rules.topic, toRecord: parts.toRule });
  if (settings.RULES_SHIPPED === 'on')
    await untilUp('the shipped rules', () =>
      writeShippedRules({ streams, subjects, catalog: rules.catalog, change, log }),
    );

  const write: WriteOutcomes = async (found) => {
    await parts.write(found);
    for (const { outcome } of found) outcomes.labels(outcome).inc();
  };
  const turnOff = createTurnOff({ change, write, log, onTurnedOff: () => turnedOff.inc() });
  const countFailures = watchFailures(settings.RULES_OFF_AT_FAILURES, (failing) => {
    turnOff(failing).catch((err: unknown) => log.warn({ err }, 'a failing rule is not turned off yet'));
  });
  const live = await use(
    onKafka(() =>
      openLive({
        ...{ kafka, admin, ends, db, subjects, rules, log, groupPrefix, clockSkewMs, write },
        readers: openReaders(subjects, registry),
        evaluation: {
          ...{ maxDepth, keepNotWon },
          onEvaluated(rule, failure) {
            (failure ? failed : succeeded).inc();
            countFailures(rule, failure);
          },
        },
        onFaults: (topic, faults) => void unusable.labels(topic).inc(faults.length),
      }),
    ),
  );
  metrics.gauge(rulesMetrics.partitions, () => live.partitions().length);

  const { accounts, events } = roles;
  const welcome = { kafka, admin, registry, producer, db, accounts, events, groupPrefix, log };
  const worker = await use(onKafka(() => startAccountWorker({ ...welcome, toRecord: parts.toEvent })));
  const history = { kafka, admin, registry, subjects, catalog: rules.catalog, groupPrefix, maxDepth, clockSkewMs, log };
  const runs = await use(createDryRuns(db, log));
  const filler = await use(startFiller({ db, rules, history, keepNotWon, write, log }));
  const withinMs = settings.RULES_DRY_RUN_SECONDS * 1_000;
  return {
    routes: [
      ...runRoutes(db),
      ...gapRoutes({ db, rules, subjects, filler }),
      ...ruleRoutes({ rules, subjects, change, dryRun: askDryRun({ db, rules, dry: history, runs, withinMs }) }),
    ],
    checks: {
      database: async () => {
        await db.raw('SELECT 1');
        return { ok: true, detail: 'answers' };
      },
      kafka: checkKafka(admin),
      accounts: checkAccountWorker(admin, worker, config.stuckAfterMs),
      rules: checkRules(rules.catalog),
    },
  };
}
