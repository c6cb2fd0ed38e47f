import { setTimeout as sleep } from 'node:timers/promises';
import type { Database } from '@millrace/core/database/open-database';
import type { Log } from '@millrace/core/log/create-log';
import { messageOf } from '@millrace/core/problem/message-of';
import type { Stream } from '@millrace/core/schema/stream';
import { compileFilter } from '../delivery/compile-filter.ts';
import type { Delivery } from '../delivery/delivery.ts';
import { listDeliveries } from '../store/deliveries.ts';
import type { Secrets } from '../store/secrets.ts';
import type { DeliveryRun, Orders } from './run-delivery.ts';

export type SuperviseOptions = {
  readonly db: Database;
  readonly log: Log;
  readonly secrets: Secrets;
  readonly streams: readonly Stream[];
  readonly open: (delivery: Delivery, stream: Stream, orders: Orders) => Promise<DeliveryRun>;
  /** Called once a delivery that was deleted runs here no more. */
  readonly onDeleted: (deliveryId: string) => Promise<void>;
  readonly everyMs: number;
};

export type Supervisor = {
  /** Looks at once: something was changed. */
  look(): void;
  /** Why a delivery that is not paused can't run here; undefined where it runs. */
  fault(deliveryId: string): string | undefined;
  running(): readonly DeliveryRun[];
  close(): Promise<void>;
};

type Entry = { readonly run: DeliveryRun; revision: number };

const FIRST_PAUSE_MS = 1_000;
const LONGEST_PAUSE_MS = 30_000;

/** Keeps a run for each delivery that is not paused, in every replica. One that fails is opened again, and is nobody else's matter. */
export function supervise(options: SuperviseOptions): Supervisor {
  const { db, log, secrets, streams, open, onDeleted, everyMs } = options;
  const entries = new Map<string, Entry>();
  const faults = new Map<string, { readonly reason: string; readonly count: number; readonly until: number }>();
  const underWay = new Map<string, Promise<void>>();
  const stop = new AbortController();
  let wake = new AbortController();
  const looking = look();

  return {
    look: () => wake.abort(),
    fault: (deliveryId) => (entries.has(deliveryId) ? undefined : faults.get(deliveryId)?.reason),
    running: () => [...entries.values()].map(({ run }) => run),
    async close() {
      stop.abort(new Error('the service is stopping'));
      wake.abort();
      await looking;
      await Promise.all(underWay.values());
      await Promise.all([...entries.values()].map(({ run }) => run.close()));
    },
  };

  async function look(): Promise<void> {
    while (!stop.signal.aborted) {
      wake = new AbortController();
      try {
        const found = await listDeliveries(db);
        for (const delivery of found) alone(delivery.deliveryId, () => follow(delivery));
        for (const id of missing(found)) alone(id, () => forget(id));
      } catch (err) {
        log.warn({ err }, 'deliveries were not looked at, trying again');
      }
      if (stop.signal.aborted) return;
      await sleep(everyMs, undefined, { signal: wake.signal }).catch(() => undefined);
    }
  }

  /** A delivery that takes long to be opened or closed is waited for by no other, and looked at again afterwards. */
  function alone(deliveryId: string, work: () => Promise<void>): void {
    if (underWay.has(deliveryId)) return;
    const working = work()
      .catch((err: unknown) => log.warn({ err, delivery: deliveryId }, 'a delivery was not looked at, trying again'))
      .finally(() => underWay.delete(deliveryId));
    underWay.set(deliveryId, working);
  }

  function missing(found: readonly Delivery[]): string[] {
    const ids = new Set(found.map(({ deliveryId }) => deliveryId));
    return [...new Set([...entries.keys(), ...faults.keys()])].filter((id) => !ids.has(id));
  }

  async function forget(deliveryId: string): Promise<void> {
    await end(deliveryId);
    faults.delete(deliveryId);
    await onDeleted(deliveryId);
  }

  async function follow(delivery: Delivery): Promise<void> {
    const { deliveryId, paused, revision } = delivery;
    if (paused) {
      faults.delete(deliveryId);
      return end(deliveryId);
    }
    const entry = entries.get(deliveryId);
    if (entry?.revision === revision || (faults.get(deliveryId)?.until ?? 0) > Date.now()) return;
    try {
      const { stream, orders } = await ordersOf(delivery);
      if (entry) await entry.run.change(orders);
      else await begin(delivery, stream, orders);
      const now = entries.get(deliveryId);
      if (now) now.revision = revision;
    } catch (error) {
      await failed(deliveryId, error);
    }
  }

  async function begin(delivery: Delivery, stream: Stream, orders: Orders): Promise<void> {
    const { deliveryId, revision } = delivery;
    const run = await open(delivery, stream, orders);
    const entry = { run, revision };
    entries.set(deliveryId, entry);
    const since = Date.now();
    run.done.catch((error: unknown) => {
      if (entries.get(deliveryId) !== entry) return;
      if (Date.now() - since > LONGEST_PAUSE_MS) faults.delete(deliveryId);
      failed(deliveryId, error).catch((err: unknown) => log.warn({ err }, 'a delivery was not closed'));
    });
  }

  async function ordersOf({ deliveryId, stream: name, url, filter, notBefore }: Delivery) {
    const stream = streams.find((each) => each.name === name);
    if (!stream) throw new Error(`there is no stream ${name} any more`);
    const compiled = compileFilter(filter, stream);
    if ('faults' in compiled)
      throw new Error(`the filter does not fit the stream any more: ${compiled.faults.map(({ message }) => message)}`);
    const orders = { url, signing: await secrets.current(db, deliveryId), matches: compiled.matches, notBefore };
    return { stream, orders };
  }

  async function failed(deliveryId: string, err: unknown): Promise<void> {
    const count = (faults.get(deliveryId)?.count ?? 0) + 1;
    const pause = Math.min(LONGEST_PAUSE_MS, FIRST_PAUSE_MS * 2 ** Math.min(count - 1, 10));
    faults.set(deliveryId, { reason: messageOf(err), count, until: Date.now() + pause });
    if (!stop.signal.aborted) log.warn({ err, delivery: deliveryId }, 'a delivery does not run, opening it again');
    await end(deliveryId);
  }

  async function end(deliveryId: string): Promise<void> {
    const entry = entries.get(deliveryId);
    entries.delete(deliveryId);
    await entry?.run.close();
  }
}
