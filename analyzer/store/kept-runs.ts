import type { Run } from '@millrace/core/order/merge-partitions';

/** A run without the records that `keeps` denies. */
export function keptRuns<Block>(run: Run<Block>, keeps: (index: number) => boolean): Run<Block>[] {
  const kept: Run<Block>[] = [];
  let from = run.from;
  for (let index = run.from; index < run.to; index += 1) {
    if (keeps(index)) continue;
    if (index > from) kept.push({ ...run, from, to: index });
    from = index + 1;
  }
  if (run.to > from) kept.push({ ...run, from });
  return kept;
}
