import type { ConsumedRecord } from '@millrace/core/stream/consume';

/** Says, on a record that a redrive sent back, how many times it was tried before. No other record has it. */
export const ATTEMPTS_HEADER = 'redrive-attempts';

/** How many times a record has now been tried: 1, and one more for each redrive. */
export function attemptsOf({ headers }: Pick<ConsumedRecord, 'headers'>): number {
  const given = headers[ATTEMPTS_HEADER];
  const before = Number(Array.isArray(given) ? given[0]?.toString() : given?.toString());
  return Number.isSafeInteger(before) && before > 0 && before < 1_000_000 ? before + 1 : 1;
}
