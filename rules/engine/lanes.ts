/** A partition of a topic whose records take part in an order. */
export type LaneKey = { readonly topic: string; readonly partition: number; readonly rank: number };

/** Among entries of the same time rules come first, then accounts, so that both hold for what was appended with them. */
export const RULES_RANK = 0;
export const ACCOUNTS_RANK = 1;
export const EVENTS_RANK = 2;

/** In the order in which entries of the same time are taken. */
export const inOrder = <Key extends LaneKey>(lanes: readonly Key[]): Key[] =>
  [...lanes].sort(
    (a, b) => a.rank - b.rank || (a.topic < b.topic ? -1 : a.topic > b.topic ? 1 : 0) || a.partition - b.partition,
  );
