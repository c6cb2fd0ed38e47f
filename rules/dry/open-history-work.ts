import { invalidBody } from '@millrace/core/http/read-body-as';
import type { Log } from '@millrace/core/log/create-log';
import type { Use } from '@millrace/core/service/parts';
import { startFiller } from '../gaps/start-filler.ts';
import { compileDefinition } from '../rule/compile-definition.ts';
import { openWithRules } from '../threads/open-with-rules.ts';
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
  const { settings } = given;
  const parts = await openWithRules({ settings: given, use, log });
  const { kafka, admin, registry, db, subjects, rules, groupPrefix } = parts;
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
