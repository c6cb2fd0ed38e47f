import type { Lease } from '@millrace/core/database/lease';
import { selectRows } from '@millrace/core/database/run-sql';
import { createFenced, type Fenced } from './fenced.ts';
import { finishConnector } from './finish-connector.ts';
import { keepProgress } from './keep-progress.ts';
import { createLiveCounts } from './live-counts.ts';
import { type OpenPart, type Outcome, openParts, runOf, saveOutcome, saveProgress } from './part-rows.ts';
import type { OpenConnector, RunOptions } from './run-options.ts';
import { runPart } from './run-part.ts';

/** Why a run that is aborted ends for good; any other reason leaves it to the next owner of the lease. */
export class Cancelled extends Error {
  override readonly name = 'Cancelled';
  constructor() {
    super('the run was cancelled');
  }
}

type ConnectorRun = RunOptions & {
  readonly open: OpenConnector;
  readonly runId: string;
  readonly lease: Lease;
  readonly abort: AbortController;
};

/**
 * Does what a run still has to do with one connector, entity by entity, under the connector's lease. Resolves when that is done or
 * cancelled; rejects when another process is to go on with it.
 */
export async function runConnector(options: ConnectorRun): Promise<void> {
  const { db, lease, log, open, runId, abort, step } = options;
  const { name } = open.connector;
  /** What a cancelled run has yet to write is written all the same: only the lease or the service's end stop it. */
  const last = new AbortController();
  const { signal } = abort;
  const onAbort = () => {
    if (!(signal.reason instanceof Cancelled)) last.abort(signal.reason);
  };
  if (signal.aborted) onAbort();
  else signal.addEventListener('abort', onAbort);
  const closing = createFenced({ db, lease, log, signal: last.signal });
  try {
    if (!(await isOurs(closing, name, runId))) return;
    const run = await runOf(db, runId);
    if (run?.cancelled) abort.abort(new Cancelled());
    for (const part of await openParts(db, runId, name)) {
      const outcome = await endOf(part, run?.startedAt ?? new Date(), options, closing);
      await step('before-outcome');
      await closing((trx) => saveOutcome(trx, part, outcome));
      options.onEnd(name, part.entity, outcome.state);
      await step('after-outcome');
    }
    await closing((trx) => finishConnector(trx, name, runId));
  } finally {
    signal.removeEventListener('abort', onAbort);
  }
}

/** The run may have ended between looking for it and taking the lease. */
const isOurs = (fenced: Fenced, name: string, runId: string): Promise<boolean> =>
  fenced(async (trx) => {
    const rows = await selectRows(trx, 'SELECT name FROM sync_connectors WHERE name = ? AND run_id = ?', [name, runId]);
    return rows.length > 0;
  });

async function endOf(part: OpenPart, startedAt: Date, options: ConnectorRun, closing: Fenced): Promise<Outcome> {
  const { db, lease, log, open, abort, targets, onRows } = options;
  const { signal } = abort;
  const { connector } = open;
  const cancelled: Outcome = { state: 'cancelled', complete: undefined, message: undefined, held: [] };
  if (signal.reason instanceof Cancelled) return cancelled;
  const live = createLiveCounts(part, (outcome, count) => onRows(connector.name, part.entity, outcome, count));
  const fenced = createFenced({ db, lease, log, signal });
  const kept = keepProgress({ db, fenced, part, live, log, onCancelled: () => abort.abort(new Cancelled()) });
  try {
    const entity = open.entities().find(({ name }) => name === part.entity);
    const target = targets.get(part.stream);
    if (!entity || !target)
      return { state: 'failed', complete: undefined, message: 'the connector no longer has this entity', held: [] };
    return await runPart({ ...options, entity, target, part, startedAt, live, fenced, signal });
  } catch (error) {
    if (signal.reason instanceof Cancelled) return cancelled;
    if (signal.aborted || lease.lost.aborted) throw error;
    const stack = error instanceof Error ? (error.stack ?? error.message) : String(error);
    log.error({ reason: open.caller.redact(stack), connector: connector.name, run_id: part.runId }, 'a run has failed');
    return { state: 'failed', complete: false, message: 'the frame failed; the log has the reason', held: [] };
  } finally {
    await kept.close();
    if (!last(signal)) await closing((trx) => saveProgress(trx, part, live.counts, live.progress));
  }
}

/** Whether nothing may be written any more. */
const last = (signal: AbortSignal) => signal.aborted && !(signal.reason instanceof Cancelled);
