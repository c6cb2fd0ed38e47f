import type { Log } from '@millrace/core/log/create-log';
import type { Use } from '@millrace/core/service/parts';
import { createChangeRule } from '../change/change-rules.ts';
import { openReaders } from '../read/read-entries.ts';
import { openWithRules } from '../threads/open-with-rules.ts';
import type { LiveEvents, ThreadSettings } from '../threads/thread-messages.ts';
import { countWritten } from '../write/count-written.ts';
import { countEvaluations } from './count-evaluations.ts';
import { openLive } from './open-live.ts';
import { createTurnOff } from './turn-off.ts';
import { watchFailures } from './watch-failures.ts';

type Options = {
  readonly settings: ThreadSettings;
  readonly use: Use;
  readonly log: Log;
  readonly report: LiveEvents;
};

const PARTITIONS_EVERY_MS = 1_000;

/** Evaluates rules as events come. The tables and topics have to be there. */
export async function evaluateLive({ settings: given, use, log, report }: Options): Promise<void> {
  const { settings } = given;
  const parts = await openWithRules({ settings: given, use, log });
  const { kafka, admin, ends, producer, registry, db, subjects, rules, groupPrefix, onKafka } = parts;
  const { topic } = subjects.roles.rules;
  const change = createChangeRule({ db, rules, producer, topic, toRecord: parts.toRule });
  const write = countWritten(parts.write, report.written);
  const turnOff = createTurnOff({ change, write, log, onTurnedOff: report.turnedOff });
  const noteFailure = watchFailures(settings.RULES_OFF_AT_FAILURES, (failing) => {
    turnOff(failing).catch((err: unknown) => log.warn({ err }, 'a failing rule is not turned off yet'));
  });
  const { count } = await use(countEvaluations(report.evaluated));
  const live = await use(
    onKafka(() =>
      openLive({
        ...{ kafka, admin, ends, db, subjects, rules, log, groupPrefix, write },
        clockSkewMs: settings.RULES_CLOCK_SKEW_MS,
        readers: openReaders(subjects, registry),
        evaluation: {
          maxDepth: settings.MAX_CHAIN_DEPTH,
          keepNotWon: settings.RULES_KEEP_NOT_WON,
          onEvaluated(rule, failure) {
            count(failure !== undefined);
            noteFailure(rule, failure);
          },
        },
        onFaults: (of, faults) => report.unusable(of, faults.length),
      }),
    ),
  );
  const timer = setInterval(() => report.partitions(live.partitions().length), PARTITIONS_EVERY_MS).unref();
  await use({ close: () => clearInterval(timer) });
}
