import type { IncomingMessage, ServerResponse } from 'node:http';
import type { Socket } from 'node:net';
import type { Problem } from '../problem/problem.ts';
import { traceOf } from '../trace/trace-context.ts';
import { sendProblem } from './problem-response.ts';

/** A request and its response. */
export type Exchange = { readonly req: IncomingMessage; readonly res: ServerResponse };

/** The open connections of a server, each with its newest exchange; undefined before the first. */
export type Exchanges = ReadonlyMap<Socket, Exchange | undefined>;

/**
 * Answers a request whose body is awaited no longer, and ends its connection once the client has the answer; cuts it where an
 * answer has begun. Its handler gets to know as from a broken connection: destroying the request would reset the connection,
 * and the client might lose the answer.
 */
export function endExchange({ req, res }: Exchange, problem: Problem): void {
  if (res.headersSent) {
    req.destroy();
    return;
  }
  res.shouldKeepAlive = false;
  sendProblem(res, problem, traceOf(req.headers.traceparent).traceparent);
  if (req.listenerCount('error') > 0) req.emit('error', problem);
}
