import type { BenchContext, RowResult } from '../row.ts';
import { measureStorage } from '../storage/measure-storage.ts';

/** A topic into MySQL by two storages that share its partitions; more records, for some are stored before all have joined. */
export const run = (context: BenchContext): Promise<RowResult> => measureStorage(context, 2, 500_000);
