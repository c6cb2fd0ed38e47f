/** Within this much append time, a further event of the same id is a repeat. */
export const REPEAT_MS = 7 * 86_400_000;

/** By event id, when it was last seen: the oldest first. */
export type Seen = Map<string, number>;

/**
 * Notes an event, and says whether one of its id came at most seven days before. A repeat counts for those after it, so whether an
 * event is one depends on the seven days before it alone.
 */
export function isRepeat(seen: Seen, eventId: string, at: number): boolean {
  const before = seen.get(eventId);
  if (before !== undefined) seen.delete(eventId);
  seen.set(eventId, at);
  return before !== undefined && at - before <= REPEAT_MS;
}

export function forgetSeenBefore(seen: Seen, at: number): void {
  for (const [eventId, seenAt] of seen) {
    if (seenAt >= at) return;
    seen.delete(eventId);
  }
}
