import type { ServerResponse } from 'node:http';
import type { Fault, Problem } from '../problem/problem.ts';
import { problemOf } from '../problem/problem-of.ts';
import type { ProblemCode } from '../problem/problems.ts';
import { sendAnswer } from './send-answer.ts';

/** RFC 9457 `application/problem+json`. */
export type ProblemBody = {
  readonly type: string;
  readonly title: string;
  readonly status: number;
  readonly detail: string;
  readonly code: ProblemCode;
  readonly trace_id: string;
  readonly errors?: readonly Fault[];
};

/** With an answer that another try may change. */
export const RETRY_AFTER = { 'retry-after': '1' } as const;

export const problemBody = (problem: Problem, traceId: string): ProblemBody => ({
  type: `urn:millrace:problem:${problem.code}`,
  title: problem.title,
  status: problem.status,
  detail: problem.message,
  code: problem.code,
  trace_id: traceId,
  ...problem.members,
  ...(problem.errors.length > 0 && { errors: problem.errors }),
});

/**
 * Answers with a problem, on a bare `node:http` response as on Express's. An error that is no Problem is answered as
 * `internal`, without its text. Once the headers are out only cutting the connection tells the client that the
 * answer is not whole, so that is done.
 */
export function sendProblem(res: ServerResponse, error: unknown, traceparent: string): void {
  const problem = problemOf(error);
  if (res.writableEnded) return;
  if (res.headersSent) {
    res.destroy();
    return;
  }
  const body = JSON.stringify(problemBody(problem, traceparent.slice(3, 35)));
  const retryAfter = problem.retriable && problem.status >= 429 ? RETRY_AFTER : {};
  for (const name of ['content-encoding', 'etag', 'last-modified', 'link', 'location']) res.removeHeader(name);
  const headers = {
    'cache-control': 'no-store',
    ...retryAfter,
    ...problem.headers,
    'content-type': 'application/problem+json',
    traceparent,
  };
  sendAnswer(res, problem.status, headers, body);
}
