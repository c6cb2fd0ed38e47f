import { checkpointMigration } from '@millrace/core/checkpoint/checkpoint-migration';
import { leaseMigration } from '@millrace/core/database/lease';
import type { Migration } from '@millrace/core/database/migrate';
import { createCheckpoints } from './001-create-checkpoints.ts';
import { createDeadLetters } from './002-create-dead-letters.ts';
import { createRedrives } from './003-create-redrives.ts';
import { createListingSearch } from './006-create-listing-search.ts';

/** What storage's own tables have been through, in order. Names are recorded in databases, so they never change. */
export const migrations: readonly Migration[] = [
  createCheckpoints,
  createDeadLetters,
  createRedrives,
  checkpointMigration,
  leaseMigration,
  createListingSearch,
];
