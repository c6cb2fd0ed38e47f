import type { IncomingMessage, ServerResponse } from 'node:http';
import type { Log } from '../log/create-log.ts';
import { limitRate } from '../log/limit-rate.ts';
import { problemOf } from '../problem/problem-of.ts';
import type { Trace } from '../trace/trace-context.ts';
import { loggedUrl } from './logged-url.ts';
import { sendProblem } from './problem-response.ts';

export type AnswerError = (req: IncomingMessage, res: ServerResponse, error: unknown, trace: Trace) => void;

const OUTAGE_LINE_EVERY_MS = 1_000;

/**
 * Answers a request with the problem that was thrown, and logs it: a bug as an error with its stack, a
 * dependency that is unreachable as a warning (one a second for each code), a client's mistake only when debugging.
 */
export function createAnswerError(log: Log): AnswerError {
  const outages = limitRate(OUTAGE_LINE_EVERY_MS);

  return (req, res, error, { traceId, traceparent }) => {
    const problem = problemOf(error);
    const fields = () => {
      const url = loggedUrl(req.url);
      return { method: req.method, url, status: problem.status, code: problem.code, trace_id: traceId };
    };
    if (problem.code === 'internal') {
      log.error({ ...fields(), err: problem.cause ?? problem }, 'request failed');
    } else if (problem.status >= 500) {
      const held = outages(problem.code);
      if (held !== undefined) log.warn({ ...fields(), held, err: problem }, 'request not served');
    } else if (log.isLevelEnabled('debug')) {
      log.debug({ ...fields(), detail: problem.message }, 'request refused');
    }
    sendProblem(res, problem, traceparent);
  };
}
