import type { Database, Transaction } from '@millrace/core/database/open-database';
import { changeRows, selectRows } from '@millrace/core/database/run-sql';
import type { Scope } from '../connector.ts';
import { parseScope, parseScopes } from './parse-scope.ts';
import type { Counts, RunState } from './run.ts';

/** A part of a run that has not come to its end. */
export type OpenPart = {
  readonly runId: string;
  readonly connector: string;
  readonly entity: string;
  readonly stream: string;
  readonly scope: Scope;
  readonly full: boolean;
  /** What was held and is now released: scopes to mark, with nothing to read. */
  readonly released: readonly Scope[] | undefined;
  /** What was written by a process that did not come to the end. */
  readonly stale: number;
  readonly emitted: number;
  readonly returned: number;
};

type Row = {
  readonly entity: string;
  readonly stream: string;
  readonly scope: string;
  readonly full_read: number;
  readonly held: string | null;
  readonly stale: number;
  readonly emitted: number;
  readonly returned: number;
};

/** What of a run a connector still has to do. */
export async function openParts(db: Database, runId: string, connector: string): Promise<OpenPart[]> {
  const rows = await selectRows<Row>(
    db,
    `SELECT entity, stream, scope, full_read, held, stale, emitted, returned FROM sync_run_entities
     WHERE run_id = ? AND connector = ? AND state = 'running' ORDER BY position`,
    [runId, connector],
  );
  return rows.map(({ scope, full_read: full, held, ...row }) => ({
    ...{ runId, connector, ...row },
    scope: parseScope(scope),
    full: full === 1,
    released: held === null ? undefined : parseScopes(held),
  }));
}

/** When the run began: what `stale_since` says, so that a repeated marking writes the same again. Undefined without such a run. */
export async function runOf(db: Database, runId: string) {
  const [row] = await selectRows<{ started_at: string; cancelled: number }>(
    db,
    'SELECT started_at, cancelled FROM sync_runs WHERE run_id = ?',
    [runId],
  );
  return row && { startedAt: new Date(`${row.started_at.replace(' ', 'T')}Z`), cancelled: row.cancelled === 1 };
}

export type Progress = { readonly done: number | undefined; readonly total: number | undefined };

export async function saveProgress(
  trx: Transaction,
  { runId, connector, entity }: Pick<OpenPart, 'runId' | 'connector' | 'entity'>,
  { read, emitted, unchanged, rejected, stale, returned }: Counts,
  { done, total }: Progress,
): Promise<void> {
  await changeRows(
    trx,
    `UPDATE sync_run_entities SET rows_read = ?, emitted = ?, unchanged = ?, rejected = ?, stale = ?, returned = ?,
       done = ?, total = ? WHERE run_id = ? AND connector = ? AND entity = ?`,
    [read, emitted, unchanged, rejected, stale, returned, done ?? null, total ?? null, runId, connector, entity],
  );
}

/** How an entity's part of a run ended. */
export type Outcome = {
  readonly state: Exclude<RunState, 'running'>;
  /** Undefined where nothing was read to its end or not. */
  readonly complete: boolean | undefined;
  readonly message: string | undefined;
  /** Scopes whose stale rows wait for a release. */
  readonly held: readonly Scope[];
};

const MESSAGE_CHARACTERS = 1_000;

export async function saveOutcome(
  trx: Transaction,
  { runId, connector, entity }: Pick<OpenPart, 'runId' | 'connector' | 'entity'>,
  { state, complete, message, held }: Outcome,
): Promise<void> {
  await changeRows(
    trx,
    `UPDATE sync_run_entities SET state = ?, complete = COALESCE(?, complete), message = ?, held = ?
     WHERE run_id = ? AND connector = ? AND entity = ?`,
    [
      state,
      complete === undefined ? null : Number(complete),
      message?.slice(0, MESSAGE_CHARACTERS) ?? null,
      held.length > 0 ? JSON.stringify(held) : null,
      ...[runId, connector, entity],
    ],
  );
}
