import { createHash } from 'node:crypto';
import { formatInstant } from '@millrace/core/schema/rfc3339';
import type { CompiledRule } from '../evaluate/compile-rule.ts';
import type { Values } from '../evaluate/outcome.ts';
import { type DryOptions, type DryQuestion, dryRun, type ReadRange } from './dry-run.ts';
import { createTally } from './tally.ts';

export type DryAnswer = {
  readonly evaluated: number;
  readonly would_win: number;
  readonly accounts_affected: number;
  readonly errors: number;
  readonly per_day: readonly { readonly day: string; readonly would_win: number }[];
  readonly examples: readonly {
    readonly event_id: string;
    readonly account_id: string;
    readonly at: string;
    readonly values: Values;
  }[];
  readonly source: {
    readonly epoch: string;
    readonly from_index: number;
    readonly to_index: number;
    readonly as_of: string;
  };
  readonly ms: number;
  readonly newly?: number;
  readonly no_longer?: number;
  readonly noise?: number;
};

type Asked = Pick<DryQuestion, 'from' | 'to' | 'currentAccounts'> & {
  readonly candidate: CompiledRule;
  /** The version in use, to be compared with. */
  readonly current: CompiledRule | undefined;
};

const DAY_MS = 86_400_000;

/** What a rule would have done. */
export async function answerDryRun(
  { candidate, current, ...question }: Asked,
  options: DryOptions,
  onProgress: (readRecords: number) => void,
  signal: AbortSignal,
): Promise<DryAnswer> {
  const began = performance.now();
  const inUse = current && { ...current, ruleId: `${current.ruleId}/in-use` };
  const tally = createTally(candidate, inUse);
  const ranges = await dryRun(
    { ...question, candidates: inUse ? [candidate, inUse] : [candidate], keepNotWon: 0, withFollowers: false },
    options,
    { onEvaluated: tally.evaluated, onOutcomes: async (outcomes) => tally.add(outcomes), onProgress },
    signal,
  );
  const days = Math.max(1, Math.ceil((question.to - question.from) / DAY_MS));
  return {
    ...tally.answer(days),
    source: sourceOf(ranges, question.to),
    ms: Math.round(performance.now() - began),
  };
}

/**
 * What the answer depends on. The indexes count the offsets of all partitions that were read. The epoch follows from when the first record
 * of each was appended: it is another one where a topic was made again, or retention has removed what was read.
 */
function sourceOf(ranges: readonly ReadRange[], to: number): DryAnswer['source'] {
  const epoch = createHash('sha256');
  let [from, until] = [0n, 0n];
  for (const range of ranges) {
    epoch.update(`${range.topic}:${range.partition}:${range.firstAppendTime ?? ''}\n`);
    from += range.from;
    until += range.to;
  }
  return {
    epoch: epoch.digest('hex').slice(0, 16),
    from_index: Number(from),
    to_index: Number(until),
    as_of: formatInstant(to),
  };
}
