import { randomInt } from 'node:crypto';
import { createServer } from 'node:net';

/** Why a port of loopback cannot be listened on, such as `EADDRINUSE`; undefined when it can. */
export const portTrouble = (port: number): Promise<string | undefined> =>
  new Promise((resolve) => {
    const server = createServer();
    server.once('error', (error: NodeJS.ErrnoException) => resolve(error.code ?? error.message));
    server.listen({ host: '127.0.0.1', port, exclusive: true }, () => server.close(() => resolve(undefined)));
  });

/** A port may be asked for long before anything listens on it. */
const given = new Set<number>();

/**
 * A port nobody listens on, and never the same one twice, from below the range systems hand out for outgoing connections: it
 * stays free for as long as a part is stopped and started again.
 */
export async function freePort(): Promise<number> {
  for (;;) {
    const port = randomInt(20_000, 32_000);
    if (given.has(port)) continue;
    given.add(port);
    if ((await portTrouble(port)) === undefined) return port;
  }
}
