import { createServer, type IncomingMessage, type ServerResponse } from 'node:http';

/** A call that an endpoint got. */
export type Call = {
  readonly path: string;
  readonly id: string;
  readonly headers: Readonly<Record<string, string>>;
  readonly body: string;
  readonly event: Readonly<Record<string, unknown>>;
  readonly at: number;
};

/** How an endpoint answers a call: a status, or as it likes. */
export type Behaviour = (call: Call, res: ServerResponse) => number | undefined | Promise<number | undefined>;

export type Endpoint = {
  readonly url: string;
  /** In the order in which they came. */
  readonly calls: readonly Call[];
  /** Those that were answered with a 2xx, once for each id, in the order of the first. */
  accepted(): readonly Call[];
  behave(behaviour: Behaviour): void;
  clear(): void;
  close(): Promise<void>;
};

/** Answers as the path says, such as 503 for `/503`, and 204 where it says nothing. */
export const asPathSays: Behaviour = ({ path }) => Number(/^\/(\d{3})$/.exec(path)?.[1] ?? 204);

/** A real webhook receiver. It accepts all until it is told otherwise; `GET` answers what it got, the newest first. */
export async function openEndpoint(port = 0): Promise<Endpoint> {
  let behaviour: Behaviour = () => 204;
  let calls: Call[] = [];
  let accepted = new Map<string, Call>();
  const server = createServer((req, res) => {
    answer(req, res).catch(() => res.destroy());
  });
  await new Promise<void>((resolve, reject) => {
    server.once('error', reject);
    server.listen(port, '127.0.0.1', resolve);
  });
  const address = server.address();
  if (typeof address !== 'object' || address === null) throw new Error('the endpoint has no port');

  return {
    url: `http://127.0.0.1:${address.port}/hook`,
    get calls() {
      return calls;
    },
    accepted: () => [...accepted.values()],
    behave(next) {
      behaviour = next;
    },
    clear() {
      behaviour = () => 204;
      calls = [];
      accepted = new Map();
    },
    async close() {
      server.closeAllConnections();
      await new Promise((resolve) => server.close(resolve));
    },
  };

  async function answer(req: IncomingMessage, res: ServerResponse): Promise<void> {
    if (req.method === 'GET') {
      res.end(JSON.stringify([...calls].reverse().map(shown), null, 2));
      return;
    }
    let body = '';
    for await (const chunk of req) body += chunk;
    const headers = Object.fromEntries(Object.entries(req.headers).map(([name, value]) => [name, String(value)]));
    const call = {
      path: req.url ?? '/',
      id: headers['webhook-id'] ?? '',
      headers,
      body,
      event: JSON.parse(body),
      at: Date.now(),
    };
    calls.push(call);
    const status = await behaviour(call, res);
    if (status === undefined) return;
    if (status < 300 && !accepted.has(call.id)) accepted.set(call.id, call);
    res.writeHead(status).end();
  }
}

/** A call without the headers that every client sends. */
function shown({ headers, event }: Call) {
  const own = Object.entries(headers).filter(([name]) => /^(?:webhook-|user-agent$|content-type$)/.test(name));
  return { headers: Object.fromEntries(own), event };
}
