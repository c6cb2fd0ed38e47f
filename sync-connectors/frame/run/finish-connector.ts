import type { Transaction } from '@millrace/core/database/open-database';
import { changeRows, selectRows } from '@millrace/core/database/run-sql';
import { sqlNow } from '@millrace/core/database/sql-literal';
import { type RunState, runStates } from './run.ts';
import { combineStates } from './run-state.ts';

/** Gives a run's connector back. The last connector of a run also ends the run. */
export async function finishConnector(trx: Transaction, connector: string, runId: string): Promise<void> {
  await selectRows(trx, 'SELECT run_id FROM sync_runs WHERE run_id = ? FOR UPDATE', [runId]);
  await changeRows(trx, 'UPDATE sync_connectors SET run_id = NULL WHERE name = ? AND run_id = ?', [connector, runId]);
  const rows = await selectRows<{ state: string }>(trx, 'SELECT state FROM sync_run_entities WHERE run_id = ?', [
    runId,
  ]);
  const state = combineStates(rows.map((row) => stateOf(row.state)));
  if (state !== 'running')
    await changeRows(trx, 'UPDATE sync_runs SET state = ?, finished_at = ? WHERE run_id = ?', [state, sqlNow(), runId]);
}

/** As the column has it. */
export const stateOf = (text: string): RunState => runStates.find((state) => state === text) ?? 'failed';
