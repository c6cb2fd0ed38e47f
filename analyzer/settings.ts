import { setting } from '@millrace/core/config/setting';
import { matching, wholeNumber } from '@millrace/core/config/setting-types';
import { z } from 'zod';

export const analyzerSettings = z.object({
  ANALYZER_CLOCK_SKEW_MS: setting('100', wholeNumber(0), "How far the brokers' clocks may be apart."),
  DUCKDB_MEMORY_LIMIT: setting(
    '256MB',
    matching(/^\d+(?:\.\d+)?\s?(?:[KMGT]i?B)$/i, 'must be a size such as 256MB or 1GiB'),
    'Memory for DuckDB in the analyzer.',
  ),
  DUCKDB_THREADS: setting('2', wholeNumber(1, 1_024), 'Threads that DuckDB computes statistics with.'),
  STATS_BUDGET_MS: setting('10000', wholeNumber(1), 'How long one question about statistics may take; then 504.'),
});

export type AnalyzerSettings = z.output<typeof analyzerSettings>;
