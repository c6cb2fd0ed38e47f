import type { Database } from '@millrace/core/database/open-database';
import { selectRows } from '@millrace/core/database/run-sql';
import type { RunState } from './run.ts';

type RunRow = {
  readonly run_id: string;
  readonly trigger_kind: string;
  readonly state: string;
  readonly started_at: string;
  readonly finished_at: string | null;
};

type EntityRow = {
  readonly run_id: string;
  readonly connector: string;
  readonly entity: string;
  readonly stream: string;
  readonly state: string;
  readonly complete: number | null;
  readonly rows_read: number;
  readonly emitted: number;
  readonly unchanged: number;
  readonly rejected: number;
  readonly stale: number;
  readonly returned: number;
  readonly done: number | null;
  readonly total: number | null;
  readonly message: string | null;
};

export type RunFilter = {
  readonly connector?: string | undefined;
  readonly state?: RunState | undefined;
  /** Older than this run. */
  readonly before?: string | undefined;
  readonly limit: number;
};

const RUN = 'SELECT run_id, trigger_kind, state, started_at, finished_at FROM sync_runs';

/** Runs, the newest first: their ids are in the order of time. */
export async function listRuns(db: Database, { connector, state, before, limit }: RunFilter) {
  const conditions: string[] = [];
  const bindings: (string | number)[] = [];
  const add = (condition: string, value: string) => {
    conditions.push(condition);
    bindings.push(value);
  };
  if (state !== undefined) add('state = ?', state);
  if (before !== undefined) add('run_id < ?', before);
  if (connector !== undefined) add('run_id IN (SELECT run_id FROM sync_run_entities WHERE connector = ?)', connector);
  const where = conditions.length > 0 ? `WHERE ${conditions.join(' AND ')}` : '';
  const rows = await selectRows<RunRow>(db, `${RUN} ${where} ORDER BY run_id DESC LIMIT ?`, [...bindings, limit]);
  return withEntities(db, rows);
}

/** One run; undefined when there is none of that id. */
export async function findRun(db: Database, runId: string) {
  const rows = await selectRows<RunRow>(db, `${RUN} WHERE run_id = ?`, [runId]);
  const [run] = await withEntities(db, rows);
  return run;
}

async function withEntities(db: Database, runs: readonly RunRow[]) {
  if (runs.length === 0) return [];
  const entities = await selectRows<EntityRow>(
    db,
    `SELECT run_id, connector, entity, stream, state, complete, rows_read, emitted, unchanged, rejected, stale, returned,
       done, total, message FROM sync_run_entities WHERE run_id IN (${runs.map(() => '?').join(',')}) ORDER BY position`,
    runs.map(({ run_id: id }) => id),
  );
  return runs.map((run) => ({
    run_id: run.run_id,
    trigger: run.trigger_kind,
    state: run.state,
    started_at: instant(run.started_at),
    finished_at: run.finished_at === null ? null : instant(run.finished_at),
    entities: entities.filter(({ run_id: id }) => id === run.run_id).map(entityJson),
  }));
}

const entityJson = ({ run_id: _, rows_read: read, complete, done, total, ...row }: EntityRow) => ({
  connector: row.connector,
  entity: row.entity,
  stream: row.stream,
  state: row.state,
  complete: complete === null ? null : complete === 1,
  read,
  emitted: row.emitted,
  unchanged: row.unchanged,
  rejected: row.rejected,
  stale: row.stale,
  returned: row.returned,
  progress: done === null ? null : { done, total },
  message: row.message,
});

/** `2026-03-14 07:32:10.000` of the database, as RFC 3339. */
const instant = (text: string) => `${text.replace(' ', 'T')}Z`;
