/**
 * Lets one of a kind through per interval. Answers how many of that kind were held back since the last one let
 * through, or undefined for one to hold back; so an outage is a line a second, not a line a request.
 */
export function limitRate(intervalMs: number, now: () => number = () => performance.now()) {
  const kinds = new Map<string, { at: number; held: number }>();

  return (kind: string): number | undefined => {
    const last = kinds.get(kind);
    if (last && now() - last.at < intervalMs) {
      last.held += 1;
      return undefined;
    }
    kinds.set(kind, { at: now(), held: 0 });
    return last?.held ?? 0;
  };
}
