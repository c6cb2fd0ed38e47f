import type { StreamNumbering } from './number-stream.ts';

/** What says how current the answers of a history are. */
export type Fresh = Pick<StreamNumbering, 'stream' | 'history' | 'watermark' | 'lag' | 'endOffsetsAskedAt'>;

/** How current an answer is. */
export type Freshness = {
  /** Everything appended before it counts in the answer; milliseconds by the brokers' clocks. Undefined until Kafka has said. */
  readonly asOf: number | undefined;
  /** The append time of the newest event that counts. */
  readonly lastUpdated: number | undefined;
  /** How many offsets wait to be counted; undefined when that is not known of every stream. */
  readonly lag: bigint | undefined;
  /** The streams of which it is not known, because Kafka has not said where their topics end. */
  readonly unknown: readonly string[];
};

/** A quiet topic's end offsets are fetched every 30 s. */
const KNOWN_FOR_MS = 45_000;

/**
 * The freshness of an answer that draws on these streams: the least of theirs.
 * @param askedSince Kafka must have been asked for the ends of their topics since, by `performance.now()`
 */
export function freshnessOf(
  numberings: readonly Fresh[],
  askedSince: number = performance.now() - KNOWN_FOR_MS,
): Freshness {
  const watermarks = numberings.map((numbering) => numbering.watermark() ?? Number.NEGATIVE_INFINITY);
  const asOf = Math.min(...watermarks);
  const newest = numberings
    .flatMap(({ history }) => [...history.checkpoints.values()].map(({ orderTime }) => orderTime))
    .filter((time) => time > 0);
  const lags = numberings.map((each) => (isKnown(each, askedSince) ? each.lag() : undefined));
  const unknown = numberings.filter((_, index) => lags[index] === undefined).map(({ stream }) => stream.name);
  return {
    asOf: Number.isFinite(asOf) ? asOf : undefined,
    lastUpdated: newest.length > 0 ? Math.max(...newest) : undefined,
    lag: unknown.length > 0 ? undefined : lags.reduce<bigint>((sum, lag) => sum + (lag ?? 0n), 0n),
    unknown,
  };
}

const isKnown = ({ endOffsetsAskedAt }: Fresh, askedSince: number) =>
  (endOffsetsAskedAt() ?? Number.NEGATIVE_INFINITY) >= askedSince;
