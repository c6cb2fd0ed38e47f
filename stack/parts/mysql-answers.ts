import { answersTcp } from './answers-tcp.ts';

/** Whether the server greets: protocol version 10 begins the handshake, 255 an error such as "too many connections". */
export const mysqlAnswers = (port: number): Promise<boolean> =>
  answersTcp({ port, judge: (received) => (received.length < 5 ? undefined : received[4] === 10) });
