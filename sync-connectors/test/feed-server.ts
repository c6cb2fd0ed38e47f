import { createServer, type IncomingMessage, type ServerResponse } from 'node:http';
import { withResolvers } from '@millrace/core/promise/with-resolvers';

export type Answer = (req: IncomingMessage, res: ServerResponse) => void;

export type FeedServer = {
  readonly url: string;
  /** The requests so far. */
  readonly asked: readonly IncomingMessage[];
  /** How it answers from now on. */
  answer(how: Answer): void;
  close(): Promise<void>;
};

/** A provider that answers as it is told, byte by byte. */
export async function startFeedServer(): Promise<FeedServer> {
  let answer: Answer = (_req, res) => res.writeHead(404).end();
  const asked: IncomingMessage[] = [];
  const server = createServer((req, res) => {
    asked.push(req);
    answer(req, res);
  });
  const { promise: listening, resolve } = withResolvers();
  server.listen(0, '127.0.0.1', resolve);
  await listening;
  const address = server.address();
  return {
    url: `http://127.0.0.1:${typeof address === 'object' ? address?.port : 0}`,
    asked,
    answer(how) {
      answer = how;
    },
    async close() {
      server.closeAllConnections();
      await new Promise((done) => server.close(done));
    },
  };
}

/** A feed of base plans far in the future, each with one plan. */
export function feedOf(ids: readonly number[], title = 'Plan'): string {
  const plans = ids.map(
    (id) =>
      `<base_plan base_plan_id="${id}" sell_mode="online" title="${title} ${id}"><plan plan_id="${id}" plan_start_date="2999-03-14T20:00:00" plan_end_date="2999-03-14T22:00:00"><zone zone_id="1" capacity="10" price="20.00"/></plan></base_plan>`,
  );
  return `<?xml version="1.0" encoding="UTF-8"?><planList><output>${plans.join('\n')}</output></planList>`;
}

export const sendWhole =
  (body: string | Buffer, headers: Readonly<Record<string, string>> = {}): Answer =>
  (_req, res) =>
    void res.writeHead(200, { 'content-type': 'text/xml', ...headers }).end(body);
