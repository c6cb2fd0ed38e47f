import type { IncomingMessage, RequestListener, ServerResponse } from 'node:http';
import type { AnswerError } from '@millrace/core/http/answer-error';
import { traceOf } from '@millrace/core/http/trace-context';
import type { Metrics } from '@millrace/core/metrics/create-metrics';
import type { PostHandler } from './accept/post-stream.ts';
import type { PostTable } from './accept/post-table.ts';

type FastPathOptions = {
  readonly posts: PostTable;
  /** Answers everything else. */
  readonly app: RequestListener;
  readonly answerError: AnswerError;
  readonly metrics: Metrics;
};

/** Serves the routes that carry the load without Express, whose middleware would take most of their time. */
export function createFastPath({ posts, app, answerError, metrics }: FastPathOptions): RequestListener {
  return (req, res) => {
    const route = pathOf(req.url ?? '/');
    const post = req.method === 'POST' ? posts.get(route) : undefined;
    if (post) void answer(post, route, req, res);
    else app(req, res);
  };

  async function answer(post: PostHandler, route: string, req: IncomingMessage, res: ServerResponse) {
    const startedAt = performance.now();
    const trace = traceOf(req.headers.traceparent);
    try {
      await post(req, res, trace);
    } catch (error) {
      answerError(req, res, error, trace);
    }
    const seconds = (performance.now() - startedAt) / 1000;
    metrics.observeRequest({ method: 'POST', route, status: res.statusCode, seconds });
  }
}

function pathOf(url: string): string {
  const query = url.indexOf('?');
  return query < 0 ? url : url.slice(0, query);
}
