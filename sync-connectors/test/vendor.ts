import { createServer, type IncomingMessage, type ServerResponse } from 'node:http';
import { withResolvers } from '@millrace/core/promise/with-resolvers';

/** A vendor's row. `broken` is one that does not fit the stream. */
export type VendorRow = {
  readonly id: string;
  readonly name: string;
  readonly date?: string;
  /** Counts the vendor's changes: what an incremental read goes by. */
  version: number;
};

/** How the vendor behaves until it is told otherwise. */
export type Behaviour = {
  /** Answers so from the n-th page on. */
  failFrom?: number;
  status: number;
  headers: Record<string, string>;
  /** The total that it gives, where it is not the truth. */
  total?: number;
  /** Every page waits for this. */
  until?: Promise<void>;
  /** Ids whose rows can't be read. */
  broken: Set<string>;
};

export type Vendor = Awaited<ReturnType<typeof startVendor>>;

const PAGE = 50;
const normal = (): Behaviour => ({ status: 500, headers: {}, broken: new Set() });

/** A small vendor over HTTP: two lists, paged, and the tests' hands on it. */
export async function startVendor() {
  const lists: Record<string, Map<string, VendorRow>> = { customers: new Map(), passes: new Map() };
  let behaviour = normal();
  let changes = 0;
  const calls: { readonly url: string; readonly at: number }[] = [];
  const list = (entity: string) => lists[entity] ?? new Map<string, VendorRow>();

  const server = createServer((req, res) => void answer(req, res).catch(() => res.destroy()));
  const { promise: listening, resolve } = withResolvers();
  server.listen(0, '127.0.0.1', resolve);
  await listening;
  const address = server.address();
  const url = `http://127.0.0.1:${typeof address === 'object' ? address?.port : 0}`;

  return {
    url,
    calls,
    rows: (entity = 'customers') => [...list(entity).values()],
    put(id: string, more: { readonly name?: string; readonly date?: string } = {}, entity = 'customers') {
      changes += 1;
      list(entity).set(id, { id, name: more.name ?? `name of ${id}`, version: changes, ...more });
    },
    fill(count: number, entity = 'customers') {
      for (let n = 0; n < count; n += 1) this.put(`id-${String(n).padStart(5, '0')}`, {}, entity);
    },
    remove: (id: string, entity = 'customers') => list(entity).delete(id),
    clear() {
      for (const rows of Object.values(lists)) rows.clear();
      calls.length = 0;
      behaviour = normal();
    },
    behave(more: Partial<Behaviour> = {}) {
      behaviour = { ...normal(), ...more };
    },
    async close() {
      server.closeAllConnections();
      await new Promise((done) => server.close(done));
    },
  };

  async function answer(req: IncomingMessage, res: ServerResponse): Promise<void> {
    const { pathname, searchParams } = new URL(req.url ?? '/', url);
    calls.push({ url: req.url ?? '', at: Date.now() });
    const page = Number(searchParams.get('page') ?? 0);
    const now = behaviour;
    await now.until;
    if (now.failFrom !== undefined && page >= now.failFrom) {
      res.writeHead(now.status, now.headers).end('the secret of the vendor’s page');
      return;
    }
    const [, entity = '', id] = pathname.split('/');
    const since = Number(searchParams.get('since') ?? 0);
    const [from, to] = [searchParams.get('from') ?? '', searchParams.get('to') ?? '~'];
    const all = [...list(entity).values()]
      .filter((row) => (id === undefined || row.id === id) && row.version > since)
      .filter(({ date = '' }) => date >= from && date < to)
      .sort((a, b) => (since > 0 || entity === 'passes' ? a.version - b.version : a.id < b.id ? -1 : 1));
    const rows = all.slice(page * PAGE, (page + 1) * PAGE);
    res.writeHead(200, { 'content-type': 'application/json' }).end(
      JSON.stringify({
        rows: rows.map((row) => (now.broken.has(row.id) ? { ...row, name: 7 } : row)),
        total: now.total ?? all.length,
        more: (page + 1) * PAGE < all.length,
      }),
    );
  }
}
