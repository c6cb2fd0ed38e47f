import { createServer, type Server } from 'node:http';
import { Problem } from '@millrace/core/problem/problem';

export type Redirect = {
  /** The address that the vendor sends the browser back to. */
  readonly uri: string;
  /** Resolves with the address that the browser came with; rejects after the time. */
  readonly arrived: Promise<URL>;
  close(): Promise<void>;
};

const PATH = '/blackbaud-login';

/** Listens on loopback, where nobody else hears the code, for the browser that comes back from the vendor. */
export async function awaitRedirect(port: number, withinMs: number): Promise<Redirect> {
  const server = createServer();
  await listen(server, port);
  const uri = `http://127.0.0.1:${port}${PATH}`;
  const arrived = new Promise<URL>((resolve, reject) => {
    const timer = setTimeout(
      () =>
        reject(new Problem('invalid-config', `nobody came back from the vendor within ${withinMs / 60_000} minutes`)),
      withinMs,
    );
    server.on('request', (req, res) => {
      const url = new URL(req.url ?? '/', uri);
      if (req.method !== 'GET' || url.pathname !== PATH) return void res.writeHead(404).end();
      res
        .writeHead(200, {
          'content-type': 'text/plain; charset=utf-8',
          'referrer-policy': 'no-referrer',
          connection: 'close',
        })
        .end('Thank you. Go on in the terminal; this page can be closed.\n');
      clearTimeout(timer);
      resolve(url);
    });
    server.once('close', () => clearTimeout(timer));
  });
  return { uri, arrived, close: () => new Promise((resolve) => server.close(() => resolve())) };
}

function listen(server: Server, port: number): Promise<void> {
  return new Promise((resolve, reject) => {
    server.once('error', (cause) =>
      reject(
        new Problem(
          'invalid-config',
          `port ${port} is not free; BLACKBAUD_LOGIN_PORT names another, which is then to be registered`,
          {
            cause,
          },
        ),
      ),
    );
    server.listen(port, '127.0.0.1', resolve);
  });
}
