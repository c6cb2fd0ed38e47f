/** What a feed may take of this machine: whatever it holds, memory and the event loop stay free. */
export type FeedLimits = {
  /** Bytes of the whole feed, once it is unpacked. */
  readonly bytes: number;
  /** Characters from the end of one tag to the end of the next, texts and comments among them. */
  readonly untagged: number;
  readonly depth: number;
  readonly attributes: number;
  /** Plans and zones of one base plan, together. */
  readonly parts: number;
  /** How long a provider may send nothing. */
  readonly stallMs: number;
  /** How long a whole feed may take. */
  readonly totalMs: number;
};

export const FEED_LIMITS: FeedLimits = {
  bytes: 2_000_000_000,
  untagged: 1_000_000,
  depth: 32,
  attributes: 64,
  parts: 5_000,
  stallMs: 60_000,
  totalMs: 3_600_000,
};
