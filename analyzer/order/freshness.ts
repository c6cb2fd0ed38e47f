import type { StreamNumbering } from './number-stream.ts';

/** What says how current the answers of a history are. */
export type Fresh = Pick<StreamNumbering, 'stream' | 'history' | 'watermark' | 'lag'>;

/** How current an answer is. */
export type Freshness = {
  /** Everything appended before it counts in the answer; milliseconds by the brokers' clocks. Undefined until Kafka has said. */
  readonly asOf: number | undefined;
  /** The append time of the newest event that counts. */
  readonly lastUpdated: number | undefined;
  /** How many offsets wait to be counted. */
  readonly lag: bigint;
};

/** The freshness of an answer that draws on these streams: the least of theirs. */
export function freshnessOf(numberings: readonly Fresh[]): Freshness {
  const watermarks = numberings.map((numbering) => numbering.watermark() ?? Number.NEGATIVE_INFINITY);
  const asOf = Math.min(...watermarks);
  const newest = numberings
    .flatMap(({ history }) => [...history.checkpoints.values()].map(({ orderTime }) => orderTime))
    .filter((time) => time > 0);
  return {
    asOf: Number.isFinite(asOf) ? asOf : undefined,
    lastUpdated: newest.length > 0 ? Math.max(...newest) : undefined,
    lag: numberings.reduce((sum, numbering) => sum + (numbering.lag() ?? 0n), 0n),
  };
}
