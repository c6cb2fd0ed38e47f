import type { Stream } from '@millrace/core/schema/stream';
import { quote } from '../store/stream-table.ts';

/** What statistics are about: every event, or for an upsert stream the keys as they stand. */
export function rowsOf({ store, key, version }: Stream, table: string): string {
  if (store === 'append') return quote(table);
  return `(SELECT * FROM ${quote(table)} QUALIFY row_number() OVER (
    PARTITION BY ${quote(key.name)} ORDER BY ${quote(version.name)} DESC, "$position" DESC) = 1)`;
}
