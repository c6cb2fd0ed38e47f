import type { Transaction } from '@millrace/core/database/open-database';
import { changeRows, selectRows } from '@millrace/core/database/run-sql';
import { Problem } from '@millrace/core/problem/problem';
import { lockConnectors } from '../frame/run/create-run.ts';
import { alreadyRunning } from './find-connector.ts';

/** Gives a held run its connectors again, to mark what it was held for. Throws where it is not held, or one of them runs. */
export async function releaseRun(trx: Transaction, runId: string): Promise<void> {
  const [run] = await selectRows<{ state: string }>(trx, 'SELECT state FROM sync_runs WHERE run_id = ? FOR UPDATE', [
    runId,
  ]);
  if (run?.state !== 'held') throw new Problem('wrong-state', `The run is ${run?.state}, and not held.`);
  const held = await selectRows<{ connector: string }>(
    trx,
    "SELECT DISTINCT connector FROM sync_run_entities WHERE run_id = ? AND state = 'held'",
    [runId],
  );
  const names = held.map(({ connector }) => connector);
  for (const { name, run_id: other } of await lockConnectors(trx, names))
    if (other !== null) throw alreadyRunning(name, other);
  for (const name of names)
    await changeRows(trx, 'UPDATE sync_connectors SET run_id = ? WHERE name = ?', [runId, name]);
  await changeRows(trx, "UPDATE sync_run_entities SET state = 'running' WHERE run_id = ? AND state = 'held'", [runId]);
  await changeRows(trx, "UPDATE sync_runs SET state = 'running', finished_at = NULL WHERE run_id = ?", [runId]);
}
