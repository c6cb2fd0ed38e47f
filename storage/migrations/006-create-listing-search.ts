import type { Database } from '@millrace/core/database/open-database';

/**
 * What `GET /v1/events/search` reads: a row a plan, with its latest known values and whether it was ever on sale online (decision 35).
 * Each index begins with what a search fixes, goes on with its order and ends with what else it asks, so that no other row is read.
 */
export const createListingSearch = {
  name: '006-create-listing-search',
  async up(db: Database) {
    await db.raw(`CREATE TABLE IF NOT EXISTS storage_listing_search (
      listing_id VARCHAR(255) NOT NULL,
      plan_id VARCHAR(100) NOT NULL,
      provider VARCHAR(100) NOT NULL,
      title VARCHAR(500) NULL,
      starts_at DATETIME NULL,
      start_time VARCHAR(8) NULL,
      ends_at DATETIME NULL,
      end_time VARCHAR(8) NULL,
      ended_at DATETIME NULL,
      min_price DECIMAL(12,2) NULL,
      max_price DECIMAL(12,2) NULL,
      was_online TINYINT(1) NOT NULL,
      on_sale TINYINT(1) NOT NULL,
      version DATETIME(3) NOT NULL,
      PRIMARY KEY (listing_id, plan_id),
      KEY by_start (was_online, starts_at, plan_id, listing_id, ends_at),
      KEY by_provider (provider, was_online, starts_at, plan_id, listing_id, ends_at),
      KEY by_sale (on_sale, starts_at, plan_id, listing_id, ends_at, ended_at),
      KEY by_provider_sale (provider, on_sale, starts_at, plan_id, listing_id, ends_at, ended_at)
    ) ENGINE=InnoDB DEFAULT CHARACTER SET utf8mb4 COLLATE utf8mb4_bin`);
  },
  async down(db: Database) {
    await db.raw('DROP TABLE storage_listing_search');
  },
};
