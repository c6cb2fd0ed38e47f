import type { ConsumedRecord } from '@millrace/core/stream/consume';

/** A record's headers for a JSON column: each name with its values in base64, as Kafka's are bytes, or null. */
export function recordHeaders({ headers }: Pick<ConsumedRecord, 'headers'>): Record<string, (string | null)[]> {
  return Object.fromEntries(
    Object.entries(headers).map(([name, given]) => {
      const values = [given ?? null].flat();
      return [name, values.map((value) => (value === null ? null : Buffer.from(value).toString('base64')))];
    }),
  );
}
