import { createHash } from 'node:crypto';
import { formatInstant } from '@millrace/core/schema/rfc3339';
import type { CompiledRule } from '../evaluate/compile-rule.ts';
import type { Outcome, Values } from '../evaluate/outcome.ts';
import { type DryOptions, type DryQuestion, dryRun } from './dry-run.ts';
import type { HistoryRange } from './find-ranges.ts';

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

const EXAMPLES = 10;
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
  const wins = new Map<string, Outcome>();
  const before = new Set<string>();
  let [evaluated, errors] = [0, 0];
  const candidates = inUse ? [candidate, inUse] : [candidate];
  const ranges = await dryRun(
    { ...question, candidates, keepNotWon: 0 },
    options,
    {
      onEvaluated(rule) {
        if (rule.ruleId === candidate.ruleId) evaluated += 1;
      },
      onOutcome(outcome) {
        const isWin = outcome.outcome === 'won' || outcome.outcome === 'shadow';
        if (outcome.rule.ruleId !== candidate.ruleId) {
          if (isWin) before.add(keyOf(outcome));
        } else if (isWin) wins.set(keyOf(outcome), outcome);
        else if (outcome.outcome === 'error') errors += 1;
      },
      onProgress,
    },
    signal,
  );

  const accounts = new Set([...wins.values()].map(({ accountId }) => accountId));
  const days = Math.max(1, Math.ceil((question.to - question.from) / DAY_MS));
  return {
    evaluated,
    would_win: wins.size,
    accounts_affected: accounts.size,
    errors,
    per_day: perDay([...wins.values()]),
    examples: [...wins.values()]
      .sort(byOrder)
      .slice(0, EXAMPLES)
      .map(({ cause, accountId, time, values }) => ({
        ...{ event_id: cause, account_id: accountId, at: formatInstant(time), values },
      })),
    source: sourceOf(ranges, question.to),
    ms: Math.round(performance.now() - began),
    ...(inUse && {
      newly: [...wins.keys()].filter((key) => !before.has(key)).length,
      no_longer: [...before].filter((key) => !wins.has(key)).length,
      noise: accounts.size === 0 ? 0 : wins.size / accounts.size / days,
    }),
  };
}

const keyOf = ({ accountId, cause }: Outcome) => `${accountId}\n${cause}`;

const byOrder = (a: Outcome, b: Outcome) => a.at - b.at || (a.cause < b.cause ? -1 : 1);

function perDay(wins: readonly Outcome[]) {
  const counts = new Map<string, number>();
  for (const { time } of wins) {
    const day = formatInstant(time).slice(0, 10);
    counts.set(day, (counts.get(day) ?? 0) + 1);
  }
  return [...counts].sort(([a], [b]) => (a < b ? -1 : 1)).map(([day, count]) => ({ day, would_win: count }));
}

/**
 * What the answer depends on. The indexes count the offsets of all partitions that were read; the epoch is another once retention
 * has removed records, or a topic was made again.
 */
function sourceOf(ranges: readonly HistoryRange[], to: number): DryAnswer['source'] {
  const epoch = createHash('sha256');
  let [from, until] = [0n, 0n];
  for (const range of ranges) {
    epoch.update(`${range.topic}:${range.partition}:${range.low}\n`);
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
