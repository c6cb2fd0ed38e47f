import type { Acknowledged } from '@millrace/core/stream/produce-lane';
import { LRUCache } from 'lru-cache';

type Remembered = { readonly content: string; readonly written: Promise<Acknowledged> };

/**
 * Recently written events with a client-supplied id. A repeat gets the answer of the first, also while that one is still in
 * flight; what Kafka did not acknowledge is forgotten, so that a retry is written.
 */
export type RecentEvents = {
  recall(topic: string, eventId: string): Remembered | undefined;
  remember(topic: string, eventId: string, content: string, written: Promise<Acknowledged>): void;
};

export function createRecentEvents(maxEvents: number): RecentEvents {
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
