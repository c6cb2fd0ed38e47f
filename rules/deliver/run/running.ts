import type { Leases } from '@millrace/core/database/lease';
import type { Database } from '@millrace/core/database/open-database';
import type { Log } from '@millrace/core/log/create-log';
import type { Stream } from '@millrace/core/schema/stream';
import type { Matches } from '../delivery/compile-filter.ts';
import type { Attempt } from '../send/attempt.ts';
import type { Gate } from './gate.ts';
import type { ReadEvents } from './read-events.ts';
import type { RetryPlan } from './retry-plan.ts';

/** What the partitions of a running delivery share. */
export type Running = {
  readonly deliveryId: string;
  readonly stream: Stream;
  readonly db: Database;
  /** Of partitions: a process that is killed keeps its own until they end. */
  readonly leases: Leases;
  readonly log: Log;
  readonly gate: Gate;
  readonly plan: RetryPlan;
  readonly limits: RunLimits;
  readonly readEvents: ReadEvents;
  /** As the delivery says now. */
  matches(): Matches;
  /** One try, with what the delivery says now; undefined where the signal ended it. */
  send(eventId: string, body: Buffer, signal: AbortSignal): Promise<Attempt | undefined>;
  /** Counts records that are no events. */
  onUnusable(count: number): void;
};

export type RunLimits = {
  /** How many keys of a partition are sent at the same time. */
  readonly concurrency: number;
  /** How many events of a partition may wait to be tried again; with more, the partition is not read on. */
  readonly mostHeld: number;
};

/** The delivery was deleted while it ran. */
export class DeliveryEnded extends Error {
  override readonly name = 'DeliveryEnded';

  constructor() {
    super('the delivery was deleted');
  }
}
