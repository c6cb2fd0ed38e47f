import { once } from 'node:events';
import { connect } from 'node:net';

export type RawSocket = {
  send(text: string | Uint8Array): void;
  /** All that was received until the server closed the connection; rejects when it was reset. */
  readonly received: Promise<string>;
  end(): void;
  destroy(): void;
};

/** A client that writes any bytes, which no HTTP client would. */
export async function rawSocket(url: string): Promise<RawSocket> {
  const { hostname, port } = new URL(url);
  const socket = connect(Number(port), hostname);
  const chunks: Buffer[] = [];
  socket.on('data', (chunk) => chunks.push(chunk));
  const received = new Promise<string>((resolve, reject) => {
    socket.on('error', reject);
    socket.on('close', () => resolve(Buffer.concat(chunks).toString()));
  });
  received.catch(() => undefined);
  await once(socket, 'connect');
  return {
    send: (text) => void (socket.writable && socket.write(text)),
    received,
    end: () => void socket.end(),
    destroy: () => void socket.destroy(),
  };
}

export type RawAnswer = {
  readonly status: number;
  readonly headers: Readonly<Record<string, string>>;
  readonly body: string;
};

/** The parts of one raw answer. */
export function parseAnswer(text: string): RawAnswer {
  const [head = '', ...rest] = text.split('\r\n\r\n');
  const [statusLine = '', ...lines] = head.split('\r\n');
  const headers = Object.fromEntries(
    lines.map((line) => [line.slice(0, line.indexOf(':')).toLowerCase(), line.slice(line.indexOf(':') + 2)]),
  );
  return { status: Number(statusLine.split(' ')[1]), headers, body: rest.join('\r\n\r\n') };
}
