import type { Log } from '@millrace/core/log/create-log';
import type { EndOffsets } from '@millrace/core/order/watch-ends';
import { isUnknownTopic } from '@millrace/core/stream/kafka-fault';

/** Asks where a topic ends. One that is missing is created again, so that a later question finds it; this one fails. */
export function endsOrRecreate(ask: EndOffsets, log: Log, create: (topic: string) => Promise<void>): EndOffsets {
  return async (topic) => {
    try {
      return await ask(topic);
    } catch (error) {
      if (isUnknownTopic(error))
        await create(topic).catch((err: unknown) => log.warn({ err, topic }, 'a missing topic could not be created'));
      throw error;
    }
  };
}
