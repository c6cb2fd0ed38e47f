import type { Database } from '@millrace/core/database/open-database';
import { whileTransient } from '@millrace/core/database/while-transient';
import type { Log } from '@millrace/core/log/create-log';
import { retry } from '@millrace/core/retry/retry';
import type { Admin } from '@millrace/core/stream/admin';
import { CheckpointMismatch } from '@millrace/core/stream/checkpoint-mismatch';
import type { FollowedRules } from '../catalog/follow-rules.ts';
import type { Evaluation } from '../evaluate/evaluate-rules.ts';
import { covers, planFor } from '../evaluate/plan.ts';
import type { Subjects } from '../streams/subjects.ts';
import type { WriteOutcomes } from '../write/write-outcomes.ts';
import { openPartition } from './open-partition.ts';
import { claimPartition, holdsClaim } from './positions.ts';
import { pushRules } from './push-rules.ts';
import { type PartitionRun, runPartition } from './run-partition.ts';

export type PartitionOptions = {
  readonly admin: Pick<Admin, 'fetchOffsets' | 'offsetsByTime'>;
  readonly db: Database;
  readonly subjects: Subjects;
  readonly rules: FollowedRules;
  readonly evaluation: Evaluation;
  readonly write: WriteOutcomes;
  readonly log: Log;
};

type PartitionEvents = {
  /** Its lanes are to be read: from what they were read to, or from `nextOffset` when `isNew`. */
  readonly onOpened: (run: PartitionRun, isNew: boolean) => void;
  readonly onTaken: (partition: number) => void;
  readonly onCrash: (error: unknown) => void;
};

/** The account partitions that this process evaluates. */
export type Partitions = {
  /** Keeps what is still ours, opens what is new and closes the rest. */
  assign(assigned: ReadonlySet<number>): void;
  /** Resolves when the partition is open; undefined for one that is not ours. */
  when(partition: number): Promise<PartitionRun> | undefined;
  get(partition: number): PartitionRun | undefined;
  all(): readonly PartitionRun[];
  /** Opens it again, from the position that it has come to, with what rules need now. */
  reopen(partition: number): void;
  close(): Promise<void>;
};

const REOPEN_AFTER_MS = 500;

export function createPartitions(options: PartitionOptions, events: PartitionEvents): Partitions {
  const { db, subjects, rules, evaluation, log } = options;
  const opening = new Map<number, Promise<PartitionRun>>();
  const opened = new Map<number, PartitionRun>();
  const stop = new AbortController();
  const notOpened = whileTransient(log, 'an account partition is not opened yet, trying again');
  rules.catalog.onAdded(() => {
    for (const run of opened.values()) giveRules(run);
  });

  return {
    assign(assigned) {
      for (const [partition, promise] of opening)
        if (!assigned.has(partition)) {
          opening.delete(partition);
          promise.then(close, () => undefined);
        }
      for (const partition of assigned) {
        const known = opening.get(partition);
        start(partition, known ? keepOrOpen(partition, known) : open(partition), false);
      }
    },
    when: (partition) => opening.get(partition),
    get: (partition) => opened.get(partition),
    all: () => [...opened.values()],
    reopen,
    async close() {
      stop.abort(new Error('the service is stopping'));
      const all = [...opening.values()];
      opening.clear();
      await Promise.all(all.map((promise) => promise.then(close, () => undefined)));
    },
  };

  async function keepOrOpen(partition: number, known: Promise<PartitionRun>): Promise<PartitionRun> {
    const run = await known;
    const isOurs = await retry({ ...notOpened, signal: stop.signal }, () => holdsClaim(db, partition, run.claim));
    if (isOurs) return run;
    await close(run);
    return open(partition);
  }

  async function open(partition: number): Promise<PartitionRun> {
    await rules.upToDate().catch((err: unknown) => log.warn({ err }, 'rules may not be complete yet'));
    return retry({ ...notOpened, signal: stop.signal }, async () => {
      const { claim, position } = await claimPartition(db, partition);
      const { engine, plan } = await openPartition(partition, position, { ...options, catalog: rules.catalog });
      const onTaken = () => events.onTaken(partition);
      const run = runPartition({ ...options, partition, claim, plan, engine, onTaken });
      log.info({ partition, claim, warm_up_ms: plan.warmUpMs }, 'an account partition is opened');
      return run;
    });
  }

  function start(partition: number, promise: Promise<PartitionRun>, isNew: boolean): void {
    opening.set(partition, promise);
    promise.then(
      (run) => {
        if (opening.get(partition) !== promise) {
          if (opening.get(partition) === undefined) void close(run);
          return;
        }
        if (opened.get(partition) !== run) {
          opened.set(partition, run);
          run.done.catch((error: unknown) => end(run, error));
        }
        events.onOpened(run, isNew);
        giveRules(run);
      },
      (error: unknown) => {
        if (!stop.signal.aborted) events.onCrash(error);
      },
    );
  }

  function giveRules(run: PartitionRun): void {
    pushRules(run.engine, subjects.roles.rules.topic, rules.catalog.records());
    run.notify();
    const needed = planFor(rules.catalog.inForceFrom(Number.POSITIVE_INFINITY), evaluation.maxDepth);
    if (!covers(run.plan, needed)) reopen(run.partition);
  }

  function end(run: PartitionRun, error: unknown): void {
    if (stop.signal.aborted || opened.get(run.partition) !== run) return;
    if (!(error instanceof CheckpointMismatch)) {
      events.onCrash(error);
      return;
    }
    log.warn({ partition: run.partition, reason: error.message }, 'an account partition is opened again');
    setTimeout(() => opened.get(run.partition) === run && reopen(run.partition), REOPEN_AFTER_MS).unref();
  }

  function reopen(partition: number): void {
    const known = opening.get(partition);
    if (!known || stop.signal.aborted) return;
    opened.delete(partition);
    const again = known.then((run) => run.close()).then(() => open(partition));
    start(partition, again, true);
  }

  async function close(run: PartitionRun): Promise<void> {
    if (opened.get(run.partition) === run) opened.delete(run.partition);
    await run.close();
  }
}
