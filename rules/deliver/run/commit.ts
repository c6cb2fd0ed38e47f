import type { WithCheckpoint } from '@millrace/core/checkpoint/with-checkpoint';
import type { Lease } from '@millrace/core/database/lease';
import type { Transaction } from '@millrace/core/database/open-database';
import { whileTransient } from '@millrace/core/database/while-transient';
import { retry } from '@millrace/core/retry/retry';
import type { Batch } from '@millrace/core/stream/consume';
import { insertAttempts, keptError, type NewAttempt } from '../store/attempts.ts';
import { holdDelivery } from '../store/deliveries.ts';
import { type HeldEvent, insertHeld, type NewHeldEvent, removeHeld, saveTried } from '../store/events.ts';
import { nextAttemptAt } from './retry-plan.ts';
import { DeliveryEnded, type Running } from './running.ts';
import type { Sending } from './send-slice.ts';

export type Commit = {
  /** Keeps what became of events, and moves the checkpoint to the end of the batch; answers what waits since. */
  slice(batch: Batch, sendings: readonly Sending[]): Promise<readonly HeldEvent[]>;
  /** Keeps what became of an event that waited; answers it as it waits on, undefined where it is done. */
  retried(event: HeldEvent, attempt: NonNullable<Sending['attempt']>): Promise<HeldEvent | undefined>;
};

type CommitOptions = {
  readonly running: Running;
  readonly partition: number;
  readonly lease: Lease;
  readonly withCheckpoint: WithCheckpoint;
};

/**
 * What is sent is kept in transactions that confirm the partition's lease: a process that has lost it changes nothing any more. What was sent
 * is kept also while the process stops, so tries are few.
 */
export function createCommit({ running, partition, lease, withCheckpoint }: CommitOptions): Commit {
  const { deliveryId, db, plan, log } = running;
  const patient = { ...whileTransient(log, 'what was delivered is not kept yet, trying again'), signal: lease.lost };
  const transact = <Result>(work: (trx: Transaction) => Promise<Result>): Promise<Result> =>
    retry(patient, () =>
      db.transaction(async (trx) => {
        await lease.confirm(trx);
        if (!(await holdDelivery(trx, deliveryId))) throw new DeliveryEnded();
        return work(trx);
      }),
    );

  return {
    slice: (batch, sendings) =>
      transact((trx) =>
        withCheckpoint(trx, batch, async (nextOffset) => {
          const fresh = sendings.filter(({ event: { offset } }) => offset >= nextOffset);
          const held = fresh.flatMap((each) => heldOf(each) ?? []);
          await insertAttempts(trx, deliveryId, fresh.flatMap(attemptOf));
          return insertHeld(trx, deliveryId, partition, held);
        }),
      ),
    retried: (event, attempt) =>
      transact(async (trx) => {
        const [number, { eventId, row }] = [event.attempts + 1, event];
        const firstAttemptAt = event.firstAttemptAt ?? attempt.at;
        const next = attempt.error === undefined ? undefined : nextAttempt(number, firstAttemptAt, attempt);
        const outcome = attempt.error === undefined ? 'delivered' : next === undefined ? 'failed' : 'retrying';
        await insertAttempts(trx, deliveryId, [{ eventId, number, outcome, attempt }]);
        if (attempt.error === undefined) {
          await removeHeld(trx, row);
          return undefined;
        }
        const tried = { attempts: number, firstAttemptAt, nextAttemptAt: next };
        const last = { lastAttemptAt: attempt.at, lastError: keptError(attempt.error) };
        await saveTried(trx, row, { ...tried, ...last });
        return next === undefined ? undefined : { ...event, ...tried };
      }),
  };

  /** An endpoint that is gone is asked again once a person has said so, and then for as long as ever. */
  function nextAttempt(attempts: number, firstAttemptAt: number, attempt: NonNullable<Sending['attempt']>) {
    return nextAttemptAt(
      attempt.isGone ? { ...plan, forMs: Number.POSITIVE_INFINITY } : plan,
      { attempts, firstAttemptAt },
      attempt,
    );
  }

  /** An event is tried once more at least, so none fails here. */
  function heldOf({ event, attempt }: Sending): NewHeldEvent | undefined {
    if (attempt && attempt.error === undefined) return undefined;
    const { offset, keyDigest, eventId, body, appendedAt } = event;
    return {
      ...{ offset, keyDigest, eventId, body, appendedAt },
      attempts: attempt ? 1 : 0,
      firstAttemptAt: attempt?.at,
      lastAttemptAt: attempt?.at,
      nextAttemptAt: attempt && (nextAttempt(1, attempt.at, attempt) ?? Date.now()),
      lastError: attempt?.error === undefined ? undefined : keptError(attempt.error),
    };
  }
}

function attemptOf({ event: { eventId }, attempt }: Sending): NewAttempt[] {
  if (!attempt) return [];
  return [{ eventId, number: 1, outcome: attempt.error === undefined ? 'delivered' : 'retrying', attempt }];
}
