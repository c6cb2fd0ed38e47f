import type { Transaction } from '../database/open-database.ts';
import { instantLiteral } from '../database/sql-literal.ts';
import { CheckpointMismatch } from '../stream/checkpoint-mismatch.ts';
import type { Batch } from '../stream/consume.ts';
import { type Checkpoint, readCheckpoint, saveCheckpoint } from './checkpoint.ts';
import { TopicReplaced } from './topic-replaced.ts';

/** Does work and moves the checkpoint past the batch, both in the transaction; records below `nextOffset` are done already. */
export type WithCheckpoint = <Result>(
  trx: Transaction,
  batch: Batch,
  work: (nextOffset: bigint) => Promise<Result>,
) => Promise<Result>;

/**
 * The guard that makes a repeated batch harmless. The checkpoint is locked first, so of two processes that hold the
 * partition the later one sees what the earlier one did. Throws `CheckpointMismatch` when the batch does not follow the checkpoint, and
 * `TopicReplaced` when the topic holds another record where the last one was.
 * @param consumer the name in the checkpoint's key; it never changes
 */
export function checkpointGuard(consumer: string): WithCheckpoint {
  return async (trx, batch, work) => {
    const { topic, partition } = batch;
    const checkpoint = await readCheckpoint(trx, { consumer, topic, partition }, 'FOR UPDATE');
    const nextOffset = firstUndone(batch, checkpoint);
    const result = await work(nextOffset);
    if (batch.nextOffset > nextOffset) await saveCheckpoint(trx, consumer, batch);
    return result;
  };
}

function firstUndone(batch: Batch, checkpoint: Checkpoint | undefined): bigint {
  if (!checkpoint) throw new CheckpointMismatch('the partition has no checkpoint');
  const { nextOffset, lastOffset, lastAppendedAt } = checkpoint;
  if (batch.fromOffset > nextOffset)
    throw new CheckpointMismatch(`offset ${nextOffset} is to be done next, and reading began at ${batch.fromOffset}`);
  const last = batch.records.find(({ offset }) => offset === lastOffset);
  if (last && instantLiteral(last.appendTime) !== `'${lastAppendedAt}'`) throw new TopicReplaced(nextOffset);
  return nextOffset;
}
