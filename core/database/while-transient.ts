import type { Log } from '../log/create-log.ts';
import { Problem } from '../problem/problem.ts';
import type { RetryOptions } from '../retry/retry.ts';
import { isTransient } from './is-transient.ts';

/** How `retry` repeats without a limit while the database, the registry or Kafka is unreachable, or transactions deadlock. */
export const whileTransient = (log: Log, message: string): RetryOptions => ({
  while: (error) => isTransient(error) || (error instanceof Problem && error.retriable),
  firstDelayMs: 50,
  maxDelayMs: 3_000,
  report: { log, message },
});
