import { setMaxListeners } from 'node:events';
import { setTimeout as sleep } from 'node:timers/promises';
import type { WithCheckpoint } from '@millrace/core/checkpoint/with-checkpoint';
import type { Lease } from '@millrace/core/database/lease';
import { whileTransient } from '@millrace/core/database/while-transient';
import { retry } from '@millrace/core/retry/retry';
import type { Batch } from '@millrace/core/stream/consume';
import { consumerOf } from '../delivery/delivery.ts';
import { countFilterErrors } from '../store/deliveries.ts';
import { createCommit } from './commit.ts';
import type { DeliveredEvent } from './event.ts';
import { openRetryHeld } from './retry-held.ts';
import type { Running } from './running.ts';
import { type Sending, sendSlice } from './send-slice.ts';

/** A partition of a delivery's stream, which this process alone sends. */
export type PartitionRun = {
  readonly partition: number;
  /** Delivers a batch; throws the signal's reason where it ends before. */
  deliver(batch: Batch, signal: AbortSignal): Promise<void>;
  /** Events were recovered. */
  reload(): Promise<void>;
  /** Aborted once another process may have the partition. */
  readonly lost: AbortSignal;
  /** Begins no further try, lets those under way end, for a while, and gives the partition away. */
  close(): Promise<void>;
};

type PartitionOptions = {
  readonly running: Running;
  readonly partition: number;
  readonly withCheckpoint: WithCheckpoint;
};

const SLICE_EVENTS = 50;
const LEASE_LOOK_MS = 200;
/** Tries that are under way when the process stops have this long: it has to be gone soon. */
const GRACE_MS = 5_000;

/** Waits until no other process sends the partition's events; undefined where the signal ends the wait. */
export async function openPartition(options: PartitionOptions, signal: AbortSignal): Promise<PartitionRun | undefined> {
  const lease = await waitForLease(options, signal);
  if (!lease) return undefined;
  try {
    return await runPartition(options, lease);
  } catch (error) {
    await lease.release();
    throw error;
  }
}

async function waitForLease({ running, partition }: PartitionOptions, signal: AbortSignal): Promise<Lease | undefined> {
  const { leases, deliveryId, log } = running;
  const patient = { ...whileTransient(log, 'a partition is not taken yet, trying again'), signal };
  while (!signal.aborted) {
    const name = `${consumerOf(deliveryId)}/${partition}`;
    const lease = await retry(patient, () => leases.take(name));
    if (lease) return lease;
    await sleep(LEASE_LOOK_MS, undefined, { signal }).catch(() => undefined);
  }
  return undefined;
}

async function runPartition(options: PartitionOptions, lease: Lease): Promise<PartitionRun> {
  const { running, partition, withCheckpoint } = options;
  const { deliveryId, db, gate, limits, log } = running;
  const cut = new AbortController();
  const closing = new AbortController();
  setMaxListeners(0, cut.signal);
  const onLost = () => cut.abort(lease.lost.reason);
  lease.lost.addEventListener('abort', onLost);
  const commit = createCommit({ running, partition, lease, withCheckpoint });
  const held = await openRetryHeld({ running, partition, commit, cut: cut.signal });
  const deliveries = new Set<Promise<void>>();

  return {
    partition,
    deliver(batch, signal) {
      const delivering = deliver(batch, signal).finally(() => deliveries.delete(delivering));
      deliveries.add(delivering);
      return delivering;
    },
    reload: held.reload,
    lost: lease.lost,
    async close() {
      closing.abort(new Error('the partition is given away'));
      const timer = setTimeout(() => cut.abort(closing.signal.reason), GRACE_MS);
      await Promise.allSettled([held.close(), ...deliveries]);
      clearTimeout(timer);
      cut.abort(closing.signal.reason);
      lease.lost.removeEventListener('abort', onLost);
      await lease.release().catch((err: unknown) => log.debug({ err }, 'a lease ends by itself'));
    },
  };

  async function deliver(batch: Batch, given: AbortSignal): Promise<void> {
    const ended = new AbortController();
    const unlink = [given, closing.signal, lease.lost].map((signal) => follow(signal, ended));
    try {
      await deliverBatch(batch, ended.signal);
    } finally {
      for (const each of unlink) each();
    }
  }

  async function deliverBatch(batch: Batch, signal: AbortSignal): Promise<void> {
    const patient = { ...whileTransient(log, 'events are not delivered yet, trying again'), signal };
    const nextOffset = await retry(patient, () => db.transaction((trx) => verified(trx, batch)));
    const fresh = batch.records.filter(({ offset }) => offset >= nextOffset);
    const { events, unusable, filterErrors } = await retry(patient, () => running.readEvents(fresh, running.matches()));
    running.onUnusable(unusable);
    let open = events.filter((event) => !held.hasEvent(event));
    do {
      await held.room(signal);
      if (open.length > 0) await gate.opened(signal);
      signal.throwIfAborted();
      const sendings = await sendSlice(open.slice(0, gate.isCautious() ? 1 : SLICE_EVENTS), {
        concurrency: limits.concurrency,
        isHeld: held.has,
        mayTry: () => gate.isOpen() && !signal.aborted,
        send: ({ eventId, body }) => running.send(eventId, body, cut.signal),
      });
      open = without(open, sendings);
      const upTo = upToFirst(batch, open[0]);
      if (sendings.length > 0 || upTo.nextOffset > nextOffset) held.add(await commit.slice(upTo, sendings));
    } while (open.length > 0);
    if (filterErrors.count > 0)
      await retry(patient, () => countFilterErrors(db, deliveryId, filterErrors.count, filterErrors.last));
  }

  /** Throws where the batch does not follow the checkpoint; answers the first offset that is not done. */
  function verified(trx: Parameters<WithCheckpoint>[0], batch: Batch): Promise<bigint> {
    return withCheckpoint(trx, { ...batch, nextOffset: batch.fromOffset }, async (nextOffset) => nextOffset);
  }
}

function without(events: readonly DeliveredEvent[], sendings: readonly Sending[]): DeliveredEvent[] {
  const done = new Set(sendings.map(({ event: { offset } }) => offset));
  return events.filter(({ offset }) => !done.has(offset));
}

/** The batch up to the first event that is still to be sent, all of it where none is. */
function upToFirst(batch: Batch, first: DeliveredEvent | undefined): Batch {
  if (!first) return batch;
  const records = batch.records.filter(({ offset }) => offset < first.offset);
  return { ...batch, records, nextOffset: first.offset };
}

/** Aborts with a signal that lives longer; answers what ends that. */
function follow(signal: AbortSignal, ended: AbortController): () => void {
  const onAbort = () => ended.abort(signal.reason);
  if (signal.aborted) onAbort();
  else signal.addEventListener('abort', onAbort);
  return () => signal.removeEventListener('abort', onAbort);
}
