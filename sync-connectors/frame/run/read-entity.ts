import type { Log } from '@millrace/core/log/create-log';
import type { Redact } from '../call/redact.ts';
import type { Call, Connector, Entity, Json, ReadItem, Scope } from '../connector.ts';
import { createBatcher } from '../write/batch.ts';
import { type WriteOptions, writeBatch } from '../write/write-batch.ts';
import type { LiveCounts } from './live-counts.ts';
import { PAUSE, withPauses } from './with-pauses.ts';

export type ReadOptions = {
  readonly connector: Connector;
  readonly entity: Entity;
  readonly scope: Scope;
  readonly cursor: Json | undefined;
  readonly call: Call;
  readonly redact: Redact;
  readonly log: Log;
  readonly signal: AbortSignal;
  readonly live: LiveCounts;
  readonly write: Omit<WriteOptions, 'forgetsCursor'>;
};

/** What a read has seen when it ended, in whatever way. */
export type ReadResult = {
  readonly complete: Extract<ReadItem, { kind: 'complete' }>[];
  readonly incomplete: Extract<ReadItem, { kind: 'incomplete' }>[];
  /** Rows that the vendor has, skipped ones with an id among them. */
  sawRows: number;
  /** How many rows were skipped whose ids nobody knows, by their part: undefined for those of which nobody knows it. */
  readonly skippedWithoutId: Map<string | undefined, number>;
  /** What the connector threw. */
  error?: unknown;
};

/** The longest that a row which was read waits to be written, while the vendor gives no more. */
const PAUSE_MS = 1_000;

/** Reads an entity to its end and writes what changed. Throws what ends the run; what the connector throws is in the result. */
export async function readEntity(options: ReadOptions): Promise<ReadResult> {
  const { connector, entity, scope, cursor, call, redact, log, signal, live, write } = options;
  const result: ReadResult = { complete: [], incomplete: [], sawRows: 0, skippedWithoutId: new Map() };
  const batcher = createBatcher();
  let hasWritten = false;
  const items = withPauses(rows(), PAUSE_MS, signal);
  try {
    for (;;) {
      const next = await items.next().catch((error: unknown) => {
        signal.throwIfAborted();
        result.error = error ?? new Error('the connector threw nothing');
      });
      if (!next || next.done) break;
      if (next.value !== PAUSE) take(next.value);
      if (batcher.isFull() || next.value === PAUSE || next.value.kind === 'checkpoint') await flush();
    }
    await flush();
  } finally {
    void items.return(undefined).catch(() => undefined);
  }
  return result;

  /** So that what `read` throws before it yields is also the connector's. */
  async function* rows(): AsyncGenerator<ReadItem> {
    yield* connector.read({ entity, scope, cursor, call, log, signal });
  }

  function take(item: ReadItem): void {
    switch (item.kind) {
      case 'record':
        result.sawRows += 1;
        batcher.record(item);
        break;
      case 'rejected':
        if (item.id !== undefined) result.sawRows += 1;
        else result.skippedWithoutId.set(item.part, (result.skippedWithoutId.get(item.part) ?? 0) + 1);
        batcher.reject({ ...item, at: redact(item.at), reason: redact(item.reason) });
        break;
      case 'checkpoint':
        batcher.checkpoint(item.cursor);
        break;
      case 'progress':
        live.reached(item);
        break;
      case 'complete':
        result.complete.push(item);
        break;
      case 'incomplete': {
        const reason = redact(item.reason);
        log.warn({ entity: entity.name, scope: item.scope, reason }, 'a scope could not be read whole');
        result.incomplete.push({ ...item, reason });
      }
    }
  }

  async function flush(): Promise<void> {
    if (batcher.isEmpty()) return;
    const forgetsCursor = entity.readsWhole === true && !hasWritten;
    live.add(await writeBatch({ ...write, forgetsCursor }, batcher.take(), live.counts.rejected));
    hasWritten = true;
  }
}
