import type { Outcome } from '../evaluate/outcome.ts';
import type { WriteOutcomes } from './write-outcomes.ts';

/** Reports outcomes that were written, how many of each kind. */
export const countWritten =
  (write: WriteOutcomes, onWritten: (outcome: Outcome['outcome'], count: number) => void): WriteOutcomes =>
  async (outcomes) => {
    await write(outcomes);
    const counts = new Map<Outcome['outcome'], number>();
    for (const { outcome } of outcomes) counts.set(outcome, (counts.get(outcome) ?? 0) + 1);
    for (const [outcome, count] of counts) onWritten(outcome, count);
  };
