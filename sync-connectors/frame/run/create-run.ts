import type { Transaction } from '@millrace/core/database/open-database';
import { changeRows, selectRows } from '@millrace/core/database/run-sql';
import { sqlNow } from '@millrace/core/database/sql-literal';
import { v7 as uuidv7 } from 'uuid';
import type { RunPart, Trigger } from './run.ts';

export type NewRun =
  | { readonly kind: 'created'; readonly runId: string }
  /** One of the connectors runs already. */
  | { readonly kind: 'running'; readonly connector: string; readonly runId: string }
  /** All of the connectors are paused. */
  | { readonly kind: 'paused' };

type ConnectorRow = { readonly name: string; readonly paused: number; readonly run_id: string | null };

/** Locks the rows of connectors, in one order for everybody. */
export const lockConnectors = (trx: Transaction, names: readonly string[]): Promise<ConnectorRow[]> =>
  selectRows<ConnectorRow>(
    trx,
    `SELECT name, paused, run_id FROM sync_connectors WHERE name IN (${names.map(() => '?').join(',')})
     ORDER BY name FOR UPDATE`,
    names,
  );

/** Gives a new run its connectors, each of which can have one run at a time. Those that are paused are left out. */
export async function createRun(trx: Transaction, trigger: Trigger, parts: readonly RunPart[]): Promise<NewRun> {
  const rows = await lockConnectors(trx, [...new Set(parts.map(({ connector }) => connector))]);
  const able = new Set(rows.filter(({ paused }) => paused === 0).map(({ name }) => name));
  for (const { name, run_id: runId } of rows)
    if (able.has(name) && runId !== null) return { kind: 'running', connector: name, runId };
  if (able.size === 0) return { kind: 'paused' };

  const runId = uuidv7();
  await changeRows(trx, "INSERT INTO sync_runs (run_id, trigger_kind, state, started_at) VALUES (?, ?, 'running', ?)", [
    runId,
    trigger,
    sqlNow(),
  ]);
  for (const [position, { connector, entity, scope, full }] of parts.entries())
    if (able.has(connector))
      await changeRows(
        trx,
        `INSERT INTO sync_run_entities (run_id, connector, entity, position, stream, scope, full_read, state)
         VALUES (?, ?, ?, ?, ?, ?, ?, 'running')`,
        [runId, connector, entity.name, position, entity.stream, JSON.stringify(scope), full ? 1 : 0],
      );
  for (const name of able) await changeRows(trx, 'UPDATE sync_connectors SET run_id = ? WHERE name = ?', [runId, name]);
  return { kind: 'created', runId };
}
