import type { Database, Transaction } from '@millrace/core/database/open-database';
import { changeRows, selectRows } from '@millrace/core/database/run-sql';
import type { Fill, Run } from './run.ts';

type Row = {
  run_id: string;
  kind: Run['kind'];
  state: Run['state'];
  rule_id: Buffer | null;
  records: number | string;
  result_json: string | null;
  message: string | null;
  is_stale: number;
};

type FillRow = {
  run_id: string;
  rule_id: Buffer;
  version: number;
  from_ms: number | string;
  to_ms: number | string;
};

const NOW = 'UTC_TIMESTAMP(3)';
/** A run that says nothing for so long is run by nobody. */
const STALE_SECONDS = 30;
const DRY_RUNS_KEPT_DAYS = 7;
const MOST_MESSAGE = 1_000;

/** Notes a dry run that this process is at, and forgets those of last week. */
export async function insertDryRun(db: Database, runId: string, read: number): Promise<void> {
  await changeRows(
    db,
    `INSERT INTO rules_runs (run_id, kind, state, records, updated_at) VALUES (?, 'dry', 'running', ?, ${NOW})`,
    [runId, read],
  );
  await changeRows(db, `DELETE FROM rules_runs WHERE kind = 'dry' AND updated_at < ${NOW} - INTERVAL ? DAY`, [
    DRY_RUNS_KEPT_DAYS,
  ]);
}

/** Notes a fill for any replica to take. One with the same id is left as it is. */
export async function insertFill(db: Database, { runId, ruleId, version, from, to }: Fill): Promise<void> {
  await changeRows(
    db,
    `INSERT INTO rules_runs (run_id, kind, state, rule_id, version, from_ms, to_ms, updated_at)
     VALUES (?, 'fill', 'waiting', ?, ?, ?, ?, ${NOW}) ON DUPLICATE KEY UPDATE run_id = run_id`,
    [runId, Buffer.from(ruleId), version, from, to],
  );
}

/** Fills that have not ended, the oldest first: some may be under way in another process. */
export async function openFills(db: Database): Promise<Fill[]> {
  const rows = await selectRows<FillRow>(
    db,
    `SELECT run_id, rule_id, version, from_ms, to_ms FROM rules_runs
     WHERE kind = 'fill' AND state IN ('waiting', 'running') ORDER BY run_id`,
  );
  return rows.map(({ run_id, rule_id, version, from_ms, to_ms }) => ({
    ...{ runId: run_id, ruleId: rule_id.toString(), version, from: Number(from_ms), to: Number(to_ms) },
  }));
}

export async function noteProgress(db: Database, runId: string, read: number): Promise<void> {
  await changeRows(db, `UPDATE rules_runs SET state = 'running', records = ?, updated_at = ${NOW} WHERE run_id = ?`, [
    read,
    runId,
  ]);
}

export async function endRun(
  db: Database | Transaction,
  runId: string,
  end: { readonly read: number; readonly result: object } | { readonly read: number; readonly message: string },
): Promise<void> {
  const [state, result, message] =
    'result' in end ? ['done', JSON.stringify(end.result), null] : ['failed', null, end.message.slice(0, MOST_MESSAGE)];
  await changeRows(
    db,
    `UPDATE rules_runs SET state = ?, records = ?, result_json = ?, message = ?, updated_at = ${NOW} WHERE run_id = ?`,
    [state, end.read, result, message, runId],
  );
}

export async function findRun(db: Database, runId: string): Promise<Run | undefined> {
  const [row] = await selectRows<Row>(
    db,
    `SELECT run_id, kind, state, rule_id, records, result_json, message,
            updated_at < ${NOW} - INTERVAL ${STALE_SECONDS} SECOND AS is_stale FROM rules_runs WHERE run_id = ?`,
    [runId],
  );
  if (!row) return undefined;
  const { run_id, kind, state, rule_id, records, result_json, message, is_stale } = row;
  const isLost = kind === 'dry' && state === 'running' && Number(is_stale) === 1;
  return {
    ...{ run_id, kind, rule_id: rule_id?.toString() ?? null, read: Number(records) },
    state: isLost ? 'failed' : state,
    result: result_json === null ? null : JSON.parse(result_json),
    message: isLost ? 'The replica that ran it has ended: ask again.' : message,
  };
}
