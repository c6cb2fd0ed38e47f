import { traceOf } from '@millrace/core/trace/trace-context';
import type { Entity } from '../connector.ts';
import { coversOf } from '../stale/covers.ts';
import { type MarkOptions, markStale } from '../stale/mark-stale.ts';
import { beginRead, keepFingerprint, saveCursor } from '../state/entity-state.ts';
import { countKnown } from '../state/known-rows.ts';
import { forgetRejections } from '../state/rejections.ts';
import { createEmit } from '../write/create-emit.ts';
import { conclude } from './conclude.ts';
import type { Fenced } from './fenced.ts';
import type { LiveCounts } from './live-counts.ts';
import type { OpenPart, Outcome } from './part-rows.ts';
import { readEntity } from './read-entity.ts';
import { readStart } from './read-start.ts';
import { sourceOf } from './run.ts';
import type { OpenConnector, RunOptions, Target } from './run-options.ts';

export type PartOptions = RunOptions & {
  readonly open: OpenConnector;
  readonly entity: Entity;
  readonly target: Target;
  readonly part: OpenPart;
  readonly startedAt: Date;
  readonly live: LiveCounts;
  readonly fenced: Fenced;
  readonly signal: AbortSignal;
};

/** Runs one entity's part of a run to its end. Throws what ends the whole run: a cancel, a lost lease, the service's stop. */
export async function runPart(options: PartOptions): Promise<Outcome> {
  const { open, entity, target, part, live, fenced, signal, producer, step, log, startedAt } = options;
  const { connector, caller } = open;
  const { runId, scope } = part;
  const source = sourceOf(connector.name, entity.name);
  const emit = createEmit({ ...target, producer, source, trace: traceOf(undefined), log, signal });
  const marking: MarkOptions = {
    ...{ db: options.db, fenced, emit, step, connector, entity, source, runId, signal },
    ...{ since: startedAt, staleAfter: options.staleAfter },
  };
  if (part.released) return release(marking, part, live);

  const tooDear = await whyTooDear(options);
  if (tooDear !== undefined) return { state: 'failed', complete: undefined, message: tooDear, held: [] };

  const fingerprint = connector.fingerprint(entity);
  const state = await fenced(async (trx) => {
    await forgetRejections(trx, runId, source);
    const begun = await beginRead(trx, source, fingerprint);
    if (entity.readsWhole && begun.isOther) await saveCursor(trx, source, undefined);
    return begun;
  });
  const { read, isOther } = state;
  const { cursor, isIncremental } = readStart(entity, part, state);
  await step('before-read');
  const result = await readEntity({
    ...{ connector, entity, scope, cursor, live, signal },
    ...{ call: caller.callUntil(signal), redact: caller.redact, log: log.child({ connector: connector.name }) },
    write: { runId, source, read, isFull: !isIncremental, keepsCursor: scope.kind === 'all', fenced, emit, step },
  });
  await fenced((trx) => keepFingerprint(trx, source, fingerprint));

  const facts = {
    ...{ isIncremental, isOther },
    allowsEmpty: options.allowsEmpty(connector.name, entity.name),
  };
  return conclude(options, result, { marking, facts, read });
}

async function release(marking: MarkOptions, part: OpenPart, live: LiveCounts): Promise<Outcome> {
  for (const scope of part.released ?? []) {
    const covers = coversOf(marking.connector, marking.entity, scope);
    const done = covers && (await markStale(marking, scope, covers, true));
    if (done) live.add({ stale: done.marked });
  }
  return { state: 'succeeded', complete: undefined, message: 'released', held: [] };
}

/** Why today's budget can't pay the read, where the connector can say what it takes. */
async function whyTooDear({ db, open, entity, part }: PartOptions): Promise<string | undefined> {
  const { connector, budget } = open;
  const left = connector.expectedCalls && (await budget.left());
  if (left === undefined) return undefined;
  const known = await countKnown(db, sourceOf(connector.name, entity.name));
  const calls = connector.expectedCalls?.(entity, part.scope, known) ?? 0;
  return calls > left
    ? `budget: it would take some ${calls} calls, and today ${left} are left; nothing was read`
    : undefined;
}
