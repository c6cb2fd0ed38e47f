import { connect } from 'node:net';

type Question = {
  readonly port: number;
  /** Sent once connected; nothing when the server speaks first. */
  readonly send?: Buffer;
  /** Given all that has arrived: true or false once it is decided, undefined while more is needed. */
  readonly judge: (received: Buffer) => boolean | undefined;
  readonly timeoutMs?: number;
};

/** Asks a server on loopback one thing in its own protocol. Silence, refusal and nonsense are all false. */
export const answersTcp = ({ port, send, judge, timeoutMs = 1_000 }: Question): Promise<boolean> =>
  new Promise((resolve) => {
    const socket = connect({ host: '127.0.0.1', port });
    let received = Buffer.alloc(0);
    const settle = (answer: boolean) => {
      socket.destroy();
      resolve(answer);
    };
    socket.setTimeout(timeoutMs, () => settle(false));
    socket.on('error', () => settle(false)).on('close', () => settle(false));
    socket.on('connect', () => send && socket.write(send));
    socket.on('data', (chunk) => {
      received = Buffer.concat([received, chunk]);
      const answer = judge(received);
      if (answer !== undefined) settle(answer);
    });
  });
