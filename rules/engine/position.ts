/** A point in the order of a partition: what each topic's partition has given to it. */
export type Position = {
  /** By `partitionName`; a partition that is not here has given nothing. */
  readonly lanes: ReadonlyMap<string, LanePosition>;
  /** Up to when entries and ticks of schedules were taken. */
  readonly reached: number;
};

export type LanePosition = {
  /** The first offset that was not taken. */
  readonly nextOffset: bigint;
  /** The running maximum of append times before it. */
  readonly orderTime: number;
};

/** Before everything. */
export const NOTHING_TAKEN: Position = { lanes: new Map(), reached: Number.NEGATIVE_INFINITY };
