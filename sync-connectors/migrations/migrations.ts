import { leaseMigration } from '@millrace/core/database/lease';
import type { Migration } from '@millrace/core/database/migrate';
import { tokenMigration } from '../blackbaud/token/token-migration.ts';
import { createRuns } from './001-create-runs.ts';
import { createRows } from './002-create-rows.ts';
import { createConnectors } from './003-create-connectors.ts';

/** What the tables of sync-connectors have been through, in order. Names are recorded in databases, so they never change. */
export const migrations: readonly Migration[] = [
  leaseMigration,
  createRuns,
  createRows,
  createConnectors,
  tokenMigration,
];
