import { Problem } from './problem.ts';
import type { ProblemCode } from './problems.ts';

const codeByStatus: Readonly<Record<number, ProblemCode>> = {
  400: 'invalid-parameter',
  404: 'not-found',
  406: 'not-acceptable',
  413: 'body-too-large',
  415: 'unsupported-media-type',
};

/** The 4xx status that Express and its parts put on errors which are the client's doing. */
const clientStatus = (error: unknown): number | undefined =>
  error instanceof Error && 'status' in error && typeof error.status === 'number' ? error.status : undefined;

/** Anything thrown, as a Problem. What is not known becomes `internal`, with the original only as its cause. */
export function problemOf(error: unknown): Problem {
  if (error instanceof Problem) return error;
  const code = codeByStatus[clientStatus(error) ?? 500];
  if (code && error instanceof Error) return new Problem(code, error.message, { cause: error });
  return new Problem('internal', 'The request failed; the log has the reason under this trace_id.', { cause: error });
}
