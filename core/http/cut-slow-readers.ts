import type { Socket } from 'node:net';

export type ReadLimits = {
  /** How long an answer may stand still before its size counts. */
  readonly paceWindowMs: number;
  readonly minReadBytesPerSecond: number;
};

type Pace = { readonly since: number; readonly taken: number };

/**
 * Cuts connections whose clients read an answer more slowly than the limit: others can't have the memory, the export and the file that
 * it holds. What the socket has handed to the system moves by whole writes, so the time that one may take depends on its size.
 * @param now milliseconds
 * @returns to be called at intervals
 */
export function cutSlowReaders(
  sockets: { keys(): Iterable<Socket> },
  { paceWindowMs, minReadBytesPerSecond }: ReadLimits,
  now = () => performance.now(),
): () => void {
  const paces = new WeakMap<Socket, Pace>();

  return () => {
    const at = now();
    for (const socket of sockets.keys()) {
      const waiting = socket.writableLength;
      const taken = socket.bytesWritten - waiting;
      const pace = paces.get(socket);
      if (waiting === 0) paces.delete(socket);
      else if (pace?.taken !== taken) paces.set(socket, { since: at, taken });
      else if (at - pace.since > paceWindowMs + (waiting / minReadBytesPerSecond) * 1_000) socket.destroy();
    }
  };
}
