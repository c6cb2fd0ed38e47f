import { createRequire } from 'node:module';

type Accessors = { textDecoder?: unknown };

/**
 * DuckDB's client reads texts with a decoder that drops U+FEFF at their beginning, where it is a character like any other. Gives it
 * one that keeps it, and throws when a version of the client reads texts in another way.
 */
export function keepByteOrderMarks(): void {
  const accessors: Accessors = createRequire(import.meta.url)('@duckdb/node-api/lib/vectors/dataAccessors.js');
  if (!(accessors.textDecoder instanceof TextDecoder))
    throw new Error('unsupported version of @duckdb/node-api: its text decoder is not where it was');
  accessors.textDecoder = new TextDecoder('utf-8', { ignoreBOM: true });
}
