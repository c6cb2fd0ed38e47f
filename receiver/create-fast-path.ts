import type { IncomingMessage, RequestListener, ServerResponse } from 'node:http';
import type { AnswerError } from '@millrace/core/http/answer-error';
import { type ObserveOptions, observeRequest } from '@millrace/core/http/observe-requests';
import type { PostHandler } from './accept/post-stream.ts';
import type { PostTable } from './accept/post-table.ts';

type FastPathOptions = ObserveOptions & {
  readonly posts: PostTable;
  /** Answers everything else. */
  readonly app: RequestListener;
  readonly answerError: AnswerError;
};

/** Serves the routes that carry the load without Express, whose middleware would take most of their time. */
export function createFastPath(options: FastPathOptions): RequestListener {
  const { posts, app, answerError } = options;
  return (req, res) => {
    const route = pathOf(req.url ?? '/');
    const post = req.method === 'POST' ? posts.get(route) : undefined;
    if (post) void answer(post, route, req, res);
    else app(req, res);
  };

  async function answer(post: PostHandler, route: string, req: IncomingMessage, res: ServerResponse) {
    const trace = observeRequest(options, req, res, () => route);
    try {
      await post(req, res, trace);
    } catch (error) {
      answerError(req, res, error, trace);
    }
  }
}

function pathOf(url: string): string {
  const query = url.indexOf('?');
  return query < 0 ? url : url.slice(0, query);
}
