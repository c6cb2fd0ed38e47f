import { answersTcp } from './answers-tcp.ts';

/** A Metadata request, version 1, that asks about no topic: size, api key 3, version, correlation id, client id. */
const metadataRequest = Buffer.from(
  '00000014' + '0003' + '0001' + '00000001' + '0006' + '737461636b21' + '00000000',
  'hex',
);

/** Whether the broker serves clients: it names itself among the brokers only when it is part of its cluster. */
export const kafkaAnswers = (port: number): Promise<boolean> =>
  answersTcp({
    port,
    send: metadataRequest,
    judge: (received) => {
      if (received.length < 12) return undefined;
      const correlates = received.readInt32BE(4) === 1;
      return correlates && received.readInt32BE(8) >= 1;
    },
  });
