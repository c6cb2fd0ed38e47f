import { isTransient } from '@millrace/core/database/is-transient';
import { isRowFault } from './is-row-fault.ts';

export type Refused<Row> = { readonly row: Row; readonly error: Error };

/**
 * Attempts rows together; when the database refuses them for what one of them holds, each half, down to that row alone.
 * An attempt that fails must leave nothing behind. Throws what is not a row's fault.
 */
export async function bisect<Row>(
  rows: readonly Row[],
  attempt: (some: readonly Row[]) => Promise<void>,
): Promise<Refused<Row>[]> {
  try {
    await attempt(rows);
    return [];
  } catch (error) {
    if (isTransient(error) || !isRowFault(error)) throw error;
    const [only] = rows;
    if (only !== undefined && rows.length === 1) return [{ row: only, error }];
    const middle = rows.length >> 1;
    return [...(await bisect(rows.slice(0, middle), attempt)), ...(await bisect(rows.slice(middle), attempt))];
  }
}
