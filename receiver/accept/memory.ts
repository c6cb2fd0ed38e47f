import type { Acknowledged } from '@millrace/core/stream/produce-lane';
import { LRUCache } from 'lru-cache';

type Remembered = { readonly content: string; readonly written: Promise<Acknowledged> };

/**
 * The events of late that a client named, by their ids. A repeat gets the answer of the first, also while that one is
 * still on its way; what Kafka did not acknowledge is forgotten, so that trying again tries again.
 */
export type Memory = {
  recall(topic: string, eventId: string): Remembered | undefined;
  remember(topic: string, eventId: string, content: string, written: Promise<Acknowledged>): void;
};

export function createMemory(maxEvents: number): Memory {
  const events = new LRUCache<string, Remembered>({ max: maxEvents });
  return {
    recall: (topic, eventId) => events.get(`${topic}/${eventId}`),
    remember(topic, eventId, content, written) {
      const name = `${topic}/${eventId}`;
      const remembered = { content, written };
      events.set(name, remembered);
      written.catch(() => {
        if (events.peek(name) === remembered) events.delete(name);
      });
    },
  };
}
