import { createServer } from 'node:http';
import { Readable } from 'node:stream';
import { pipeline } from 'node:stream/promises';

/** Serves feeds on a free port, each at an address of its own, `/0` and on. A feed is asked for anew with each request. */
export async function serveFeeds(
  feeds: readonly (() => Iterable<Buffer>)[],
): Promise<{ readonly urls: readonly string[]; close(): void }> {
  const server = createServer((req, res) => {
    const feed = feeds[Number(req.url?.slice(1))];
    res.writeHead(feed ? 200 : 404, { 'content-type': 'text/xml' });
    // A reader that goes away in the middle is its own business.
    pipeline(Readable.from(feed?.() ?? [], { objectMode: false }), res).catch(() => undefined);
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const address = server.address();
  const port = typeof address === 'object' ? address?.port : undefined;
  return {
    urls: feeds.map((_, n) => `http://127.0.0.1:${port}/${n}`),
    close() {
      server.closeAllConnections();
      server.close();
    },
  };
}
