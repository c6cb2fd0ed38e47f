import type { StartFromCheckpoint } from '@millrace/core/checkpoint/start-from-checkpoint';
import { startFromCheckpoint } from '@millrace/core/checkpoint/start-from-checkpoint';
import { TopicReplaced } from '@millrace/core/checkpoint/topic-replaced';
import { checkpointGuard } from '@millrace/core/checkpoint/with-checkpoint';
import type { Leases } from '@millrace/core/database/lease';
import type { Database } from '@millrace/core/database/open-database';
import { instantLiteral } from '@millrace/core/database/sql-literal';
import type { Log } from '@millrace/core/log/create-log';
import { withResolvers } from '@millrace/core/promise/with-resolvers';
import type { Stream } from '@millrace/core/schema/stream';
import type { Admin } from '@millrace/core/stream/admin';
import { CheckpointMismatch } from '@millrace/core/stream/checkpoint-mismatch';
import { type Batch, consume } from '@millrace/core/stream/consume';
import type { Kafka } from '@millrace/core/stream/kafka';
import type { Matches } from '../delivery/compile-filter.ts';
import { consumerOf } from '../delivery/delivery.ts';
import type { Attempt } from '../send/attempt.ts';
import type { Send } from '../send/create-send.ts';
import { countMissed, findDelivery, leaveAloneUntil, pauseDelivery } from '../store/deliveries.ts';
import { type Signing, signNow } from '../store/secrets.ts';
import { createGate, type GateOptions } from './gate.ts';
import type { ReadEvents } from './read-events.ts';
import type { RetryPlan } from './retry-plan.ts';
import { openPartition, type PartitionRun } from './run-partition.ts';
import { DeliveryEnded, type RunLimits, type Running } from './running.ts';

/** What a delivery says of where and what to send. */
export type Orders = {
  readonly url: string;
  readonly signing: readonly Signing[];
  readonly matches: Matches;
  readonly notBefore: number;
};

export type DeliveryRunOptions = {
  readonly deliveryId: string;
  readonly stream: Stream;
  readonly orders: Orders;
  readonly kafka: Kafka;
  readonly admin: Admin;
  readonly db: Database;
  readonly leases: Leases;
  readonly log: Log;
  readonly groupPrefix: string;
  readonly send: Send['send'];
  readonly readEvents: ReadEvents;
  readonly plan: RetryPlan;
  readonly pauses: GateOptions;
  readonly limits: RunLimits;
  readonly onAttempt: (attempt: Attempt) => void;
  readonly onUnusable: (count: number) => void;
};

export type DeliveryRun = {
  /** The delivery was changed: what is sent from now on is sent by the new orders. */
  change(orders: Orders): Promise<void>;
  partitions(): number;
  /** Rejects when it has ended by itself. */
  readonly done: Promise<never>;
  close(): Promise<void>;
};

/** As many bytes as are read of a partition at once; what was read is in memory until it is sent. */
const FETCH_BYTES = 256 * 1024;

/** Sends what the consumer group gives to this process of a delivery's stream. */
export async function openDeliveryRun(options: DeliveryRunOptions): Promise<DeliveryRun> {
  const { deliveryId, stream, kafka, admin, db, log } = options;
  let { orders } = options;
  const gate = createGate(options.pauses);
  gate.renew(orders.notBefore);
  const consumer = consumerOf(deliveryId);
  const withCheckpoint = checkpointGuard(consumer);
  const stop = new AbortController();
  const partitions = new Map<number, OpenPartition>();
  const { promise: done, reject: fail } = withResolvers<never>();
  done.catch(() => undefined);
  const running: Running = {
    ...{ deliveryId, stream, db, leases: options.leases, log, gate, plan: options.plan, limits: options.limits },
    ...{ readEvents: options.readEvents, onUnusable: options.onUnusable, send },
    matches: () => orders.matches,
  };
  const start: StartFromCheckpoint = startFromCheckpoint({
    ...{ db, consumer, admin, log },
    onReplaced: () => undefined,
    onMissed: (_, offsets) => {
      countMissed(db, deliveryId, offsets).catch((err: unknown) =>
        log.warn({ err }, 'missed records were not counted'),
      );
    },
  });
  const consumption = await consume({
    ...{ kafka, admin, log, topics: [stream.topic], groupId: `${options.groupPrefix}${consumer}` },
    commitHints: false,
    maxBytesPerPartition: FETCH_BYTES,
    /** Without the delivery there would be a new checkpoint, at the oldest record. */
    async checkpoint(topic, partition, signal) {
      if (!(await findDelivery(db, deliveryId))) throw new DeliveryEnded();
      return start.checkpoint(topic, partition, signal);
    },
    onShrunk: start.onShrunk,
    onAssigned: (assignment) => assign(new Set(assignment[stream.topic] ?? [])),
    onBatch,
  });
  consumption.done.catch(fail);

  return {
    async change(changed) {
      orders = changed;
      gate.renew(changed.notBefore);
      for (const { run } of partitions.values()) await (await run)?.reload();
    },
    partitions: () => partitions.size,
    done,
    async close() {
      stop.abort(new Error('the delivery is closed'));
      const closed = consumption.close();
      await Promise.all([closed, ...[...partitions.values()].map((each) => each.close())]);
    },
  };

  /** What is taken away is given up before the new owner can have it. */
  function assign(numbers: ReadonlySet<number>): void {
    for (const [number, open] of partitions) {
      if (numbers.has(number)) continue;
      partitions.delete(number);
      open.close().catch(fail);
    }
    for (const number of numbers) if (!partitions.has(number)) partitions.set(number, take(number));
  }

  function take(partition: number): OpenPartition {
    const ended = new AbortController();
    const run = openPartition({ running, partition, withCheckpoint }, ended.signal);
    run.then(
      (opened) => opened?.lost.addEventListener('abort', () => fail(opened.lost.reason), { once: true }),
      (error) => {
        if (!ended.signal.aborted) fail(error);
      },
    );
    return {
      run,
      async close() {
        ended.abort(new Error('the partition was given away'));
        await (await run.catch(() => undefined))?.close();
      },
    };
  }

  async function onBatch(batch: Batch, signal: AbortSignal): Promise<void> {
    const run = await until(signal, partitions.get(batch.partition)?.run);
    if (!run) throw new CheckpointMismatch('the partition is not ours now');
    try {
      await run.deliver(batch, signal);
    } catch (error) {
      if (!(error instanceof TopicReplaced)) throw error;
      await start.replaced(batch, error.nextOffset);
      throw new CheckpointMismatch(error.message);
    }
  }

  async function send(id: string, body: Buffer, signal: AbortSignal): Promise<Attempt | undefined> {
    const target = { url: orders.url, secrets: signNow(orders.signing) };
    const attempt = await options.send(target, { id, body }, signal);
    if (!attempt) return undefined;
    gate.report(attempt);
    options.onAttempt(attempt);
    try {
      if (attempt.isGone) await pauseDelivery(db, deliveryId, 'the endpoint answered 410 Gone', true);
      else if (attempt.retryAfterMs !== undefined && attempt.error !== undefined)
        await leaveAloneUntil(db, deliveryId, instantLiteral(gate.notBefore()).slice(1, -1));
    } catch (err) {
      log.warn({ err, delivery: deliveryId }, 'what the endpoint asks for was not kept, other replicas may not know');
    }
    return attempt;
  }
}

type OpenPartition = {
  readonly run: Promise<PartitionRun | undefined>;
  close(): Promise<void>;
};

/** Throws the signal's reason where it comes first. */
async function until<Value>(signal: AbortSignal, value: Promise<Value> | undefined): Promise<Value | undefined> {
  signal.throwIfAborted();
  const { promise: aborted, reject } = withResolvers<never>();
  const onAbort = () => reject(signal.reason);
  signal.addEventListener('abort', onAbort);
  try {
    return await Promise.race([value, aborted]);
  } finally {
    signal.removeEventListener('abort', onAbort);
  }
}
