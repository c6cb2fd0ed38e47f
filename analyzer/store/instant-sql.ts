/** An instant in microseconds since the epoch, as an SQL expression. */
export const instantSql = (micros: bigint): string => `make_timestamp(${micros}::BIGINT)`;
