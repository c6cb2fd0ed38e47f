import { DuckDBTimestampValue } from '@duckdb/node-api';

/** A timestamp as milliseconds since the epoch; 0 for what is none. */
export const millisOf = (value: unknown): number =>
  value instanceof DuckDBTimestampValue ? Number(value.micros / 1_000n) : 0;
