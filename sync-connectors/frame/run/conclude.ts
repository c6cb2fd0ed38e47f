import type { Database } from '@millrace/core/database/open-database';
import type { Log } from '@millrace/core/log/create-log';
import type { Entity, Json, Scope } from '../connector.ts';
import { type Covers, coversOf, narrowed } from '../stale/covers.ts';
import { EMPTY, isEmpty, type ReadFacts, whyNotMissed } from '../stale/decide-stale.ts';
import { countMissed, type MarkOptions, markStale } from '../stale/mark-stale.ts';
import { rowPages, seenBy } from '../stale/row-pages.ts';
import { saveCursor } from '../state/entity-state.ts';
import { VendorFault } from '../vendor-fault.ts';
import type { Fenced } from './fenced.ts';
import type { LiveCounts } from './live-counts.ts';
import type { OpenPart, Outcome } from './part-rows.ts';
import type { ReadResult } from './read-entity.ts';
import type { OpenConnector } from './run-options.ts';

type ConcludeOptions = {
  readonly part: OpenPart;
  readonly entity: Entity;
  readonly live: LiveCounts;
  readonly open: OpenConnector;
  readonly log: Log;
  readonly db: Database;
  readonly fenced: Fenced;
};

type Conclusion = {
  readonly marking: MarkOptions;
  readonly facts: Omit<ReadFacts, 'seen' | 'sawAny' | 'canTell' | 'skippedWithoutId'>;
  readonly read: number;
};

/** Counts and marks what complete reads have missed, and says how it all ended. */
export async function conclude(
  { part, entity, live, open, log, db, fenced }: ConcludeOptions,
  result: ReadResult,
  { marking, facts, read }: Conclusion,
): Promise<Outcome> {
  const messages: string[] = [];
  const held: Scope[] = [];
  let isComplete = result.complete.length > 0 && result.incomplete.length === 0 && result.error === undefined;
  const cursors = new Map<string, Json>();
  const keepCursor = (scope: Scope, cursor: Json | undefined) => {
    if (cursor !== undefined) cursors.set(scope.kind === 'part' ? scope.part : scope.kind, cursor);
  };
  for (const { scope: asked, seen = 'all', records, cursor } of result.complete) {
    const scope = narrowed(part.scope, asked);
    const covers = coversOf(marking.connector, marking.entity, scope);
    const sawAny =
      result.sawRows > 0 &&
      (scope.kind !== 'part' || !covers || (records ?? (await someSeen(db, marking.source, read, covers))) > 0);
    const skippedWithoutId = skippedIn(scope, result.skippedWithoutId);
    const full: ReadFacts = { ...facts, skippedWithoutId, seen, sawAny, canTell: covers !== undefined };
    const why = whyNotMissed(scope, full);
    if (isEmpty(scope, full)) isComplete = false;
    if (why !== undefined && (why === EMPTY || !facts.isIncremental))
      messages.push(`nothing${scope.kind === 'part' ? ` of ${scope.part}` : ''} counts as gone: ${why}`);
    // A vendor that is next asked for what changed since this read says nothing more of what it missed.
    if (why !== undefined || !covers) continue;
    keepCursor(asked, cursor);
    await countMissed(marking, covers, { read, seen });
    const done = await markStale(marking, scope, covers, false);
    live.add({ stale: done.marked });
    if (done.heldFor !== undefined) {
      held.push(scope);
      messages.push(done.heldFor);
    }
    if (scope.kind === 'one' && seen === 'all' && result.sawRows === 0)
      return {
        state: 'failed',
        complete: true,
        message: `404: the vendor has no ${marking.entity.name} ${scope.id}`,
        held,
      };
  }
  for (const { scope, reason, cursor } of result.incomplete) {
    messages.push(`incomplete: ${reason}`);
    keepCursor(scope, cursor);
  }
  if (entity.readsWhole && part.scope.kind === 'all')
    await fenced((trx) => saveCursor(trx, marking.source, cursors.size > 0 ? Object.fromEntries(cursors) : undefined));
  if (result.error !== undefined) messages.push(messageOfFault(result.error, open, log));
  else if (result.complete.length + result.incomplete.length === 0)
    messages.push('incomplete: the connector did not say that it saw everything');
  const message = messages.length > 0 ? [...new Set(messages)].join('; ') : undefined;
  return { state: stateOf(result, isComplete, held.length > 0), complete: isComplete, message, held };
}

/** Skipped rows that could be of a scope. */
function skippedIn(scope: Scope, skipped: ReadResult['skippedWithoutId']): number {
  if (scope.kind === 'part') return (skipped.get(scope.part) ?? 0) + (skipped.get(undefined) ?? 0);
  return [...skipped.values()].reduce((sum, count) => sum + count, 0);
}

/** How many rows of a scope a read has seen, of the first page that has any. */
async function someSeen(db: Database, source: string, read: number, covers: Covers): Promise<number> {
  for await (const page of rowPages(db, source, seenBy(read), covers)) return page.length;
  return 0;
}

function stateOf(result: ReadResult, isComplete: boolean, isHeld: boolean): Outcome['state'] {
  if (isHeld) return 'held';
  if (isComplete) return 'succeeded';
  return result.error !== undefined && result.sawRows === 0 ? 'failed' : 'partial';
}

/** What people may see of an error: a connector's own words, or where it is a bug only that there was one. */
function messageOfFault(error: unknown, { connector, caller }: OpenConnector, log: Log): string {
  if (error instanceof VendorFault) return `${error.kind}: ${caller.redact(error.message)}`;
  const stack = error instanceof Error ? (error.stack ?? error.message) : String(error);
  log.error({ connector: connector.name, reason: caller.redact(stack) }, 'a connector failed');
  return 'the connector failed; the log has the reason';
}
