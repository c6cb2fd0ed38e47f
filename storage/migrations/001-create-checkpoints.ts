import type { Migration } from '@millrace/core/database/migrate';

/** Older databases had it: the table of checkpoints while only storage had any. Since 004 that makes the table for every consumer. */
export const createCheckpoints: Migration = {
  name: '001-create-checkpoints',
  async up() {},
  async down() {},
};
