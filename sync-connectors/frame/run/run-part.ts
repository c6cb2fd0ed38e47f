import type { Database } from '@millrace/core/database/open-database';
import { traceOf } from '@millrace/core/trace/trace-context';
import type { Entity, Scope } from '../connector.ts';
import { type Covers, coversOf, narrowed } from '../stale/covers.ts';
import { EMPTY, isEmpty, type ReadFacts, whyNotMissed } from '../stale/decide-stale.ts';
import { countMissed, type MarkOptions, markStale } from '../stale/mark-stale.ts';
import { rowPages, seenBy } from '../stale/row-pages.ts';
import { beginRead, keepFingerprint } from '../state/entity-state.ts';
import { countKnown } from '../state/known-rows.ts';
import { forgetRejections } from '../state/rejections.ts';
import { VendorFault } from '../vendor-fault.ts';
import { createEmit } from '../write/create-emit.ts';
import type { Fenced } from './fenced.ts';
import type { LiveCounts } from './live-counts.ts';
import type { OpenPart, Outcome } from './part-rows.ts';
import { type ReadResult, readEntity } from './read-entity.ts';
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
  const { runId } = part;
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
    return beginRead(trx, source, fingerprint);
  });
  const cursor = part.scope.kind === 'all' && !part.full ? state.cursor : undefined;
  const { read, isOther } = state;
  const keepsCursor = part.scope.kind === 'all';
  await step('before-read');
  const result = await readEntity({
    ...{ connector, entity, scope: part.scope, cursor, live, signal },
    ...{ call: caller.callUntil(signal), redact: caller.redact, log: log.child({ connector: connector.name }) },
    write: { runId, source, read, isFull: cursor === undefined, keepsCursor, fenced, emit, step },
  });
  await fenced((trx) => keepFingerprint(trx, source, fingerprint));

  const facts = {
    ...{ isIncremental: cursor !== undefined, isOther, skippedWithoutId: result.skippedWithoutId },
    allowsEmpty: options.allowsEmpty(connector.name, entity.name),
  };
  return conclude(options, result, { marking, facts, read });
}

async function release(marking: MarkOptions, part: OpenPart, live: LiveCounts): Promise<Outcome> {
  for (const scope of part.released ?? []) {
    const covers = coversOf(marking.connector, marking.entity, scope);
    const done = covers && (await markStale(marking, scope, covers, true));
    if (done && !done.held) live.add({ stale: done.marked });
  }
  return { state: 'succeeded', complete: undefined, message: 'released', held: [] };
}

type Conclusion = {
  readonly marking: MarkOptions;
  readonly facts: Omit<ReadFacts, 'sawAny' | 'canTell'>;
  readonly read: number;
};

/** Counts and marks what complete reads have missed, and says how it all ended. */
async function conclude(
  { part, live, open, log, db }: PartOptions,
  result: ReadResult,
  { marking, facts, read }: Conclusion,
): Promise<Outcome> {
  const messages: string[] = [];
  const held: Scope[] = [];
  let isComplete = result.complete.length > 0 && result.incomplete.length === 0 && result.error === undefined;
  for (const asked of result.complete) {
    const scope = narrowed(part.scope, asked);
    const covers = coversOf(marking.connector, marking.entity, scope);
    const sawAny =
      result.sawRows > 0 && (scope.kind !== 'part' || !covers || (await hasSeen(db, marking.source, read, covers)));
    const full: ReadFacts = { ...facts, sawAny, canTell: covers !== undefined };
    const why = whyNotMissed(scope, full);
    if (isEmpty(scope, full)) isComplete = false;
    if (why !== undefined && (why === EMPTY || !facts.isIncremental)) messages.push(`nothing counts as gone: ${why}`);
    if (why !== undefined || !covers) continue;
    await countMissed(marking, covers, read);
    const done = await markStale(marking, scope, covers, false);
    if (done.held) {
      held.push(scope);
      messages.push(done.message);
    } else live.add({ stale: done.marked });
    if (scope.kind === 'one' && result.sawRows === 0)
      return {
        state: 'failed',
        complete: true,
        message: `404: the vendor has no ${marking.entity.name} ${scope.id}`,
        held,
      };
  }
  for (const { reason } of result.incomplete) messages.push(`incomplete: ${reason}`);
  if (result.error !== undefined) messages.push(messageOfFault(result.error, open, log));
  else if (result.complete.length + result.incomplete.length === 0)
    messages.push('incomplete: the connector did not say that it saw everything');
  const message = messages.length > 0 ? messages.join('; ') : undefined;
  return { state: stateOf(result, isComplete, held.length > 0), complete: isComplete, message, held };
}

/** Whether a read has seen any row of a scope. */
async function hasSeen(db: Database, source: string, read: number, covers: Covers): Promise<boolean> {
  for await (const page of rowPages(db, source, seenBy(read), covers)) return page.length > 0;
  return false;
}

function stateOf(result: ReadResult, isComplete: boolean, isHeld: boolean): Outcome['state'] {
  if (isHeld) return 'held';
  if (isComplete) return 'succeeded';
  return result.error !== undefined && result.sawRows === 0 ? 'failed' : 'partial';
}

/** What people may see of an error: a connector's own words, or where it is a bug only that there was one. */
function messageOfFault(error: unknown, { connector, caller }: OpenConnector, log: PartOptions['log']): string {
  if (error instanceof VendorFault) return `${error.kind}: ${caller.redact(error.message)}`;
  const stack = error instanceof Error ? (error.stack ?? error.message) : String(error);
  log.error({ connector: connector.name, reason: caller.redact(stack) }, 'a connector failed');
  return 'the connector failed; the log has the reason';
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
