import type { Socket } from 'node:net';
import { Agent, buildConnector } from 'undici';
import { checkLiteral, type Guard, guardedLookup, RefusedAddress } from '../address/guard.ts';

const HEADER_BYTES = 16_384;
const KEPT_MS = 4_000;

/**
 * Connections to endpoints. The guard is asked before a connection is made, about what the name resolves to at that moment, and
 * once more about the address that was really connected to, before anything is written to it.
 */
export function openAgent(guard: Guard, timeoutMs: number): Agent {
  const connect = buildConnector({ timeout: timeoutMs, lookup: guardedLookup(guard), allowH2: false });
  return new Agent({
    maxHeaderSize: HEADER_BYTES,
    keepAliveTimeout: KEPT_MS,
    keepAliveMaxTimeout: KEPT_MS,
    headersTimeout: timeoutMs,
    bodyTimeout: timeoutMs,
    connect(options, done) {
      try {
        checkLiteral(guard, options.hostname);
      } catch (error) {
        done(error instanceof Error ? error : new Error('the address is refused'), null);
        return;
      }
      connect(options, (...[error, socket]) => {
        if (error) done(error, null);
        else checkConnected(guard, socket, done);
      });
    },
  });
}

function checkConnected(guard: Guard, socket: Socket, done: buildConnector.Callback): void {
  const refusal = guard.refusal(socket.remoteAddress ?? '');
  if (refusal === undefined) {
    done(null, socket);
    return;
  }
  socket.destroy();
  done(new RefusedAddress(refusal), null);
}
