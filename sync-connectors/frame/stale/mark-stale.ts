import type { Database } from '@millrace/core/database/open-database';
import { type Connector, type Entity, type Scope, type StaleReason, staleReasons } from '../connector.ts';
import type { Fenced } from '../run/fenced.ts';
import { saveConfirmed } from '../state/known-rows.ts';
import type { Emit } from '../write/create-emit.ts';
import type { OnStep } from '../write/step.ts';
import type { Covers } from './covers.ts';
import {
  addMissed,
  begun,
  fresh,
  missedBefore,
  missedOften,
  rowPages,
  type StoredRow,
  saveStale,
  toMark,
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

export type Marked = {
  readonly marked: number;
  /** Why no more were marked: more than the cap. */
  readonly heldFor: string | undefined;
};

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

/** Writes as stale what enough reads have missed, unless that is more than the cap; and what a run that ended was writing. */
export async function markStale(
  options: MarkOptions,
  scope: Scope,
  covers: Covers,
  isReleased: boolean,
): Promise<Marked> {
  const { db, source, staleAfter, signal, step } = options;
  const heldFor = isReleased ? undefined : await overCap(options, scope, covers);
  let marked = 0;
  await step('before-stale');
  for await (const page of rowPages(db, source, heldFor === undefined ? toMark(staleAfter) : begun, covers)) {
    signal.throwIfAborted();
    marked += await markPage(options, page);
  }
  return { marked, heldFor };
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

/** Rows are kept as stale before Kafka has them, so that one that comes back is written again whatever became of this. */
async function markPage(options: MarkOptions, page: readonly StoredRow[]): Promise<number> {
  const { emit, fenced, source, since, step } = options;
  const made = page.flatMap((row) => {
    const stale = row.begun ?? { since, reason: reasonOf(options, row) };
    const version = row.begun ? row.version : row.version + 1;
    const shown = { since: stale.since.toISOString(), reason: stale.reason };
    const encoded = emit.encode({ ...row, value: row.row(), version, stale: shown });
    return 'faults' in encoded ? [] : [{ id: row.id, stale, isBegun: row.begun !== undefined, record: encoded.record }];
  });
  const added = made.filter(({ isBegun }) => !isBegun);
  await fenced(async (trx) => {
    for (const reason of staleReasons) {
      const ids = added.filter(({ stale }) => stale.reason === reason).map(({ id }) => id);
      await saveStale(trx, source, { since, reason }, ids);
    }
  });
  await step('before-stale-produced');
  await emit.produce(made.map(({ record }) => record));
  await step('after-stale-produced');
  const ids = made.map(({ id }) => id);
  await fenced((trx) => saveConfirmed(trx, source, ids));
  await step('after-stale');
  return made.length;
}
