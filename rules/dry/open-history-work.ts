import { openDatabase } from '@millrace/core/database/open-database';
import { invalidBody } from '@millrace/core/http/read-body-as';
import type { Log } from '@millrace/core/log/create-log';
import type { Use } from '@millrace/core/service/parts';
import { untilUp } from '@millrace/core/service/until-up';
import { followRules } from '../catalog/follow-rules.ts';
import { readRules } from '../catalog/read-rules.ts';
import { startFiller } from '../gaps/start-filler.ts';
import { openParts } from '../open-parts.ts';
import { compileDefinition } from '../rule/compile-definition.ts';
import type { DryRunQuestion, HistoryAnswers, HistoryEvents, ThreadSettings } from '../threads/thread-messages.ts';
import { countWritten } from '../write/count-written.ts';
import { answerDryRun } from './answer-dry-run.ts';
import type { DryOptions } from './dry-run.ts';

type Options = {
  readonly settings: ThreadSettings;
  readonly use: Use;
  readonly log: Log;
  readonly report: HistoryEvents;
};

/** Opens what reads history: dry runs as they are asked for, and the filling of gaps. The tables and topics have to be there. */
export async function openHistoryWork({ settings: given, use, log, report }: Options): Promise<HistoryAnswers> {
  const { config, settings } = given;
  const db = await use(openDatabase(config.databaseUrl));
  const parts = await openParts({ ...given, use, log, untilUp: (what, open) => untilUp(log, what, open) });
  const { kafka, admin, registry, subjects, onKafka } = parts;
  const { groupPrefix } = config.kafka;
  const { topic } = subjects.roles.rules;
  const rules = await use(
    onKafka(() => followRules({ kafka, admin, log, groupPrefix, topic, read: readRules(subjects, registry) })),
  );
  const history: DryOptions = {
    ...{ kafka, admin, registry, subjects, catalog: rules.catalog, groupPrefix, log },
    maxDepth: settings.MAX_CHAIN_DEPTH,
    clockSkewMs: settings.RULES_CLOCK_SKEW_MS,
  };
  const write = countWritten(parts.write, report.written);
  const filler = await use(startFiller({ db, rules, history, keepNotWon: settings.RULES_KEEP_NOT_WON, write, log }));
  const running = new Map<number, AbortController>();
  await use({
    close() {
      for (const run of running.values()) run.abort(new Error('the service is stopping'));
    },
  });

  return {
    async dryRun(id, question) {
      const abort = new AbortController();
      running.set(id, abort);
      try {
        await rules.upToDate();
        const asked = { ...question, ...compiled(question) };
        return await answerDryRun(asked, history, (records) => report.read(id, records), abort.signal);
      } finally {
        running.delete(id);
      }
    },
    cancel: async (id) => running.get(id)?.abort(new Error('the dry run is cancelled')),
    fill: async () => filler.notify(),
  };

  function compiled({ definition, identity, isCompared }: DryRunQuestion) {
    const candidate = compileDefinition(definition, identity, subjects);
    if ('faults' in candidate) throw invalidBody(candidate.faults);
    return {
      candidate: candidate.rule,
      current: isCompared ? rules.catalog.current(identity.ruleId)?.rule : undefined,
    };
  }
}
