import type { BenchContext, RowResult } from '../row.ts';
import { measureStorage } from '../storage/measure-storage.ts';

/** A topic into MySQL by one storage. */
export const run = (context: BenchContext): Promise<RowResult> => measureStorage(context, 1, 300_000);
