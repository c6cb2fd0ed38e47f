import { leaseMigration } from '@millrace/core/database/lease';
import type { Migration } from '@millrace/core/database/migrate';
import { accountMigrations } from '../account/known-accounts.ts';
import { createDeliveries } from '../deliver/migrations/003-create-deliveries.ts';
import { createPositions } from './001-create-positions.ts';
import { createRuns } from './002-create-runs.ts';

/** What the tables of rules have been through, in order. Names are recorded in databases, so they never change. */
export const migrations: readonly Migration[] = [
  ...accountMigrations,
  createPositions,
  leaseMigration,
  createRuns,
  createDeliveries,
];
