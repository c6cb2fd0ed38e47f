import type { Database } from '@millrace/core/database/open-database';
import type { Connector, Entity, Scope, StaleReason } from '../connector.ts';
import type { Fenced } from '../run/fenced.ts';
import type { Emit } from '../write/create-emit.ts';
import type { OnStep } from '../write/step.ts';
import type { Covers } from './covers.ts';
import {
  addMissed,
  fresh,
  missedBefore,
  missedOften,
  rowPages,
  type StoredRow,
  saveStale,
  unseen,
} from './row-pages.ts';
import { isOverCap, staleCap } from './stale-cap.ts';

export type MarkOptions = {
  readonly db: Database;
  readonly fenced: Fenced;
  readonly emit: Emit;
  readonly step: OnStep;
  readonly connector: Connector;
  readonly entity: Entity;
  readonly source: string;
  readonly runId: string;
  /** When the run began: what the records say, however often a run begins again. */
  readonly since: Date;
  readonly staleAfter: number;
  readonly signal: AbortSignal;
};

export type Marked =
  | { readonly held: false; readonly marked: number; readonly unfit: number }
  /** More than the cap: nothing was marked. */
  | { readonly held: true; readonly message: string };

const reasonOf = ({ connector, entity }: MarkOptions, { row }: StoredRow): StaleReason =>
  connector.staleReason?.(entity, row()) ?? 'absent';

/** Counts what a complete read of a scope did not see: where nothing changed, what the last one did not see either. */
export async function countMissed(
  options: MarkOptions,
  covers: Covers,
  { read, seen }: { readonly read: number; readonly seen: 'all' | 'unchanged' },
): Promise<void> {
  const { db, fenced, source, runId, step, signal } = options;
  const missed = seen === 'all' ? unseen(read, runId) : missedBefore(runId);
  await step('before-missed');
  for await (const page of rowPages(db, source, missed, covers)) {
    signal.throwIfAborted();
    const ids = page.map(({ id }) => id);
    await fenced((trx) => addMissed(trx, source, runId, ids));
  }
}

/** Writes as stale what enough reads have missed, unless that is more than the cap. */
export async function markStale(
  options: MarkOptions,
  scope: Scope,
  covers: Covers,
  isReleased: boolean,
): Promise<Marked> {
  const message = isReleased ? undefined : await overCap(options, scope, covers);
  if (message !== undefined) return { held: true, message };
  const { db, source, staleAfter, signal, step } = options;
  let marked = 0;
  let unfit = 0;
  await step('before-stale');
  for await (const page of rowPages(db, source, missedOften(staleAfter), covers)) {
    signal.throwIfAborted();
    const done = await markPage(options, page);
    marked += done;
    unfit += page.length - done;
  }
  return { held: false, marked, unfit };
}

/** Those that have ended are no fault of anybody's, and don't count. */
async function overCap(options: MarkOptions, scope: Scope, covers: Covers): Promise<string | undefined> {
  const { db, source, staleAfter } = options;
  let counted = 0;
  for await (const page of rowPages(db, source, missedOften(staleAfter), covers))
    counted += page.filter((row) => reasonOf(options, row) !== 'ended').length;
  if (!isOverCap(counted, 0)) return undefined;
  let known = 0;
  for await (const page of rowPages(db, source, fresh, covers)) known += page.length;
  if (!isOverCap(counted, known)) return undefined;
  const of = scope.kind === 'part' ? ` of ${scope.part}` : '';
  return `held: ${counted} of ${known} rows${of} would become stale, more than the ${staleCap(known)} that a run may mark; release it, if they are gone`;
}

async function markPage(options: MarkOptions, page: readonly StoredRow[]): Promise<number> {
  const { emit, fenced, source, since, step } = options;
  const stale = { since: since.toISOString() };
  const made = page.flatMap((row) => {
    const reason = reasonOf(options, row);
    const encoded = emit.encode({ ...row, value: row.row(), version: row.version + 1, stale: { ...stale, reason } });
    return 'faults' in encoded ? [] : [{ id: row.id, reason, record: encoded.record }];
  });
  await emit.produce(made.map(({ record }) => record));
  await step('after-stale-produced');
  await fenced(async (trx) => {
    for (const reason of new Set(made.map((each) => each.reason)))
      await saveStale(
        trx,
        source,
        { since, reason },
        made.filter((each) => each.reason === reason).map(({ id }) => id),
      );
  });
  await step('after-stale');
  return made.length;
}
