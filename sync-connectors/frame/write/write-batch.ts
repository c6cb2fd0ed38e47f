import type { Fault } from '@millrace/core/problem/problem';
import { turnTaker } from '@millrace/core/promise/turn-taker';
import type { LaneRecord } from '@millrace/core/stream/produce-lane';
import type { Fenced } from '../run/fenced.ts';
import type { Counts } from '../run/run.ts';
import { contentHash } from '../state/content-hash.ts';
import { saveCursor } from '../state/entity-state.ts';
import {
  type KnownRow,
  MOST_ID_BYTES,
  readKnown,
  saveBegun,
  saveConfirmed,
  saveSeen,
  type WrittenRow,
} from '../state/known-rows.ts';
import { type Rejection, saveRejections } from '../state/rejections.ts';
import type { Batch } from './batch.ts';
import type { Emit } from './create-emit.ts';
import { decideChange, nextVersion } from './decide-change.ts';
import type { OnStep } from './step.ts';

export type WriteOptions = {
  readonly runId: string;
  readonly source: string;
  readonly read: number;
  /** Whether the read sees everything of its scope: only then does it count what it saw. */
  readonly isFull: boolean;
  /** Whether checkpoints move the live cursor. */
  readonly keepsCursor: boolean;
  /** Whether the cursor is forgotten, as it says that rows are as the vendor had them when it gave it. */
  readonly forgetsCursor: boolean;
  readonly fenced: Fenced;
  readonly emit: Emit;
  readonly step: OnStep;
};

type Plan = {
  readonly written: WrittenRow[];
  readonly records: LaneRecord[];
  /** Rows that are there and were not written. */
  readonly seen: string[];
  readonly rejections: Rejection[];
  readonly counts: Omit<Counts, 'stale'>;
};

/**
 * Writes what changed to Kafka between two transactions: before it the rows are kept as not confirmed, and once Kafka has acknowledged them
 * as confirmed, with what was seen and the cursor. A kill between the two writes the same events again, or what the vendor has by then.
 * @param rejectedBefore how many rejections the entity had in this run
 * @returns what became of the rows
 */
export async function writeBatch(options: WriteOptions, batch: Batch, rejectedBefore: number): Promise<Plan['counts']> {
  const { runId, source, read, isFull, keepsCursor, forgetsCursor, fenced, emit, step } = options;
  const readAs = isFull ? read : 0;
  const rejectedIds = batch.rejections.flatMap(({ id }) => (id === undefined || isTooLong(id) ? [] : [id]));
  const ids = [...batch.records.keys()].filter((id) => !isTooLong(id));
  const { known, plan } = await fenced(async (trx) => {
    const found = await readKnown(trx, source, [...new Set([...ids, ...rejectedIds])]);
    const planned = await planBatch(batch, found, emit);
    if (forgetsCursor) await saveCursor(trx, source, undefined);
    await saveBegun(trx, source, readAs, planned.written);
    return { known: found, plan: planned };
  });
  for (const id of rejectedIds) if (known.has(id)) plan.seen.push(id);

  await step('before-produce');
  await emit.produce(plan.records);
  await step('after-produce');
  const seen = isFull ? plan.seen : [];
  const found = plan.seen.filter((id) => (known.get(id)?.missed ?? 0) > 0);
  await fenced(async (trx) => {
    await saveConfirmed(
      trx,
      source,
      plan.written.map(({ id }) => id),
    );
    await saveSeen(trx, source, readAs, isFull ? seen : found);
    await saveRejections(trx, { runId, source }, rejectedBefore, plan.rejections);
    if (keepsCursor && batch.cursor) await saveCursor(trx, source, batch.cursor.value);
  });
  await step('after-rows');
  return plan.counts;
}

/** Yields to the event loop: questions are answered and leases kept while a large batch is encoded. */
async function planBatch(batch: Batch, known: ReadonlyMap<string, KnownRow>, emit: Emit): Promise<Plan> {
  const turn = turnTaker();
  const counts = { read: batch.read, emitted: 0, unchanged: 0, rejected: 0, returned: 0 };
  const plan: Plan = { written: [], records: [], seen: [], rejections: [...batch.rejections], counts };
  for (const { id, value, at, json } of batch.records.values()) {
    if (turn.isDue()) await turn.yield();
    if (id === '' || isTooLong(id)) {
      plan.rejections.push({ id: undefined, at, pointer: '', reason: `its id must have 1 to ${MOST_ID_BYTES} bytes` });
      continue;
    }
    const before = known.get(id);
    const hash = contentHash(json);
    const change = decideChange(before, hash);
    if (change === 'unchanged') {
      plan.seen.push(id);
      counts.unchanged += 1;
      continue;
    }
    const version = nextVersion(before, hash);
    const made = emit.encode({ id, hash, version, value });
    if ('faults' in made) {
      plan.rejections.push(rejectionOf(id, at, made.faults));
      if (before) plan.seen.push(id);
      continue;
    }
    plan.records.push(made.record);
    plan.written.push({ id, hash, version, json });
    counts.emitted += 1;
    if (change === 'returned') counts.returned += 1;
  }
  counts.rejected = plan.rejections.length;
  return plan;
}

const isTooLong = (id: string) => Buffer.byteLength(id) > MOST_ID_BYTES;

/** A row is skipped whole: its first fault says where, the reason names them all. */
function rejectionOf(id: string, at: string, faults: readonly Fault[]): Rejection {
  const [first] = faults;
  const reason =
    faults.length === 1
      ? (first?.message ?? '')
      : faults.map(({ pointer, message }) => `${pointer} ${message}`).join('; ');
  return { id, at, pointer: first?.pointer ?? '', reason };
}
