import type { ConsumedRecord } from '@millrace/core/stream/consume';

/** A record's headers for a JSON column: each name with its values in base64, as Kafka's are bytes. */
export function recordHeaders({ headers }: Pick<ConsumedRecord, 'headers'>): Record<string, string[]> {
  return Object.fromEntries(
    Object.entries(headers).map(([name, given]) => {
      const values = given === undefined ? [] : Array.isArray(given) ? given : [given];
      return [name, values.map((value) => Buffer.from(value).toString('base64'))];
    }),
  );
}
