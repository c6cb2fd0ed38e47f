import { Problem } from '../problem/problem.ts';

/**
 * Why a service could not start, for a person at a terminal: one line for a Problem and one for each of its faults,
 * without a stack; a stack only for an unexpected error.
 */
export function describeFailure(name: string, error: unknown): string {
  if (error instanceof Problem) {
    const faults = error.errors.map(({ pointer, message }) => `  ${pointer.replace(/^\//, '')} ${message}`);
    return [`${name} cannot start: ${error.message}`, ...faults].join('\n');
  }
  return `${name} cannot start: ${error instanceof Error ? (error.stack ?? error.message) : String(error)}`;
}
