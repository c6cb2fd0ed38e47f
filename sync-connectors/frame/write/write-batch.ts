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
  saveSeen,
  saveWritten,
  type WrittenRow,
} from '../state/known-rows.ts';
import { type Rejection, saveRejections } from '../state/rejections.ts';
import type { Batch } from './batch.ts';
import type { Emit } from './create-emit.ts';
import { decideChange } from './decide-change.ts';
import type { OnStep } from './step.ts';

export type WriteOptions = {
  readonly runId: string;
  readonly source: string;
  readonly read: number;
  /** Whether the read sees everything of its scope: only then does it count what it saw. */
  readonly isFull: boolean;
  /** Whether checkpoints move the live cursor. */
  readonly keepsCursor: boolean;
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
 * Writes what changed to Kafka, and once that is acknowledged keeps hashes, what was seen, and the cursor in one transaction: a kill
 * before it writes the same events again, a kill after it nothing.
 * @param rejectedBefore how many rejections the entity had in this run
 * @returns what became of the rows
 */
export async function writeBatch(options: WriteOptions, batch: Batch, rejectedBefore: number): Promise<Plan['counts']> {
  const { runId, source, read, isFull, keepsCursor, fenced, emit, step } = options;
  const rejectedIds = batch.rejections.flatMap(({ id }) => (id === undefined || isTooLong(id) ? [] : [id]));
  const ids = [...batch.records.keys()].filter((id) => !isTooLong(id));
  const known = await fenced((trx) => readKnown(trx, source, [...new Set([...ids, ...rejectedIds])]));
  const plan = await planBatch(batch, known, emit);
  for (const id of rejectedIds) if (known.has(id)) plan.seen.push(id);

  await step('before-produce');
  await emit.produce(plan.records);
  await step('after-produce');
  const seen = isFull ? plan.seen : [];
  const found = plan.seen.filter((id) => (known.get(id)?.missed ?? 0) > 0);
  await fenced(async (trx) => {
    await saveWritten(trx, source, isFull ? read : 0, plan.written);
    await saveSeen(trx, source, isFull ? read : 0, isFull ? seen : found);
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
    const version = (before?.version ?? 0) + 1;
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
