import type { Attempt } from '../send/attempt.ts';
import type { DeliveredEvent } from './event.ts';

/** What became of an event of a slice: accepted, tried in vain, or behind one of its key that was. */
export type Sending =
  | { readonly event: DeliveredEvent; readonly attempt: Attempt }
  | { readonly event: DeliveredEvent; readonly attempt: undefined };

type SliceOptions = {
  readonly concurrency: number;
  /** Whether events of this key are waiting already. */
  readonly isHeld: (keyDigest: string) => boolean;
  /** Whether another event may be tried now. */
  readonly mayTry: () => boolean;
  /** Undefined where the try was called off. */
  readonly send: (event: DeliveredEvent) => Promise<Attempt | undefined>;
};

/**
 * Sends events, those of one key one after another and in order, keys beside one another. After a failure the key's further events are
 * held behind it. What is missing from the answer was not tried and is to be tried later.
 */
export async function sendSlice(events: readonly DeliveredEvent[], options: SliceOptions): Promise<Sending[]> {
  const { concurrency, isHeld, mayTry, send } = options;
  const byKey = new Map<string, DeliveredEvent[]>();
  for (const event of events) byKey.set(event.keyDigest, [...(byKey.get(event.keyDigest) ?? []), event]);
  const sendings: Sending[] = [];
  const keys = [...byKey.values()].values();
  await Promise.all(Array.from({ length: Math.min(concurrency, byKey.size) }, sendKeys));
  return sendings.sort((a, b) => (a.event.offset < b.event.offset ? -1 : 1));

  async function sendKeys(): Promise<void> {
    for (const own of keys) await sendKey(own);
  }

  async function sendKey(own: readonly DeliveredEvent[]): Promise<void> {
    let isBehind = isHeld(own[0]?.keyDigest ?? '');
    for (const event of own) {
      if (isBehind) {
        sendings.push({ event, attempt: undefined });
        continue;
      }
      if (!mayTry()) return;
      const attempt = await send(event);
      if (!attempt) return;
      sendings.push({ event, attempt });
      isBehind = attempt.error !== undefined;
    }
  }
}
