import type { Server } from 'node:http';
import type { Exchanges } from './exchange.ts';

/** What is still read of a body that was answered already. */
const LINGER_MS = 5_000;
const LINGER_BYTES = 64 * 1024 * 1024;
const CHECK_EVERY_MS = 50;

/**
 * Closing a connection whose request has not been read to its end resets it, and the client may lose the answer: a 413
 * while it still sends. So the rest of the body is read, within bounds, before the connection is closed
 * (nginx's `lingering_close`). Node ends connections by `destroySoon`.
 */
export function lingerOnClose(server: Server, exchanges: Exchanges): void {
  server.on('connection', (socket) => {
    const close = socket.destroySoon.bind(socket);
    let isLingering = false;
    socket.destroySoon = () => {
      const req = exchanges.get(socket)?.req;
      if (!req || req.complete || socket.destroyed) return close();
      if (isLingering) return;
      isLingering = true;
      socket.end();
      req.resume();
      const end = { at: performance.now() + LINGER_MS, bytes: socket.bytesRead + LINGER_BYTES };
      const check = setInterval(() => {
        if (req.complete) close();
        else if (performance.now() > end.at || socket.bytesRead > end.bytes) socket.destroy();
      }, CHECK_EVERY_MS);
      socket.once('close', () => clearInterval(check));
    };
  });
}
