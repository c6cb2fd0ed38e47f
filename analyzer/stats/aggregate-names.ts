/** What can be computed of a field, such as `p95(duration)`. */
export const aggregateNames = [
  'count',
  'sum',
  'avg',
  'min',
  'max',
  'p50',
  'p95',
  'p99',
  'count_distinct',
  'first',
  'last',
] as const;

export type AggregateName = (typeof aggregateNames)[number];

export const isAggregateName = (name: string): name is AggregateName => aggregateNames.some((each) => each === name);
