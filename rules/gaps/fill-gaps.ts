import type { Database } from '@millrace/core/database/open-database';
import { formatInstant } from '@millrace/core/schema/rfc3339';
import type { Catalog } from '../catalog/catalog.ts';
import type { Fill } from '../runs/run.ts';
import { evaluateRanges, type FillOptions } from './evaluate-ranges.ts';
import { filledRanges } from './filled-ranges.ts';
import { findGaps } from './find-gaps.ts';
import { overlap, type TimeRange } from './time-range.ts';

export type FillWork = Omit<FillOptions, 'onProgress' | 'signal'> & { readonly db: Database };

/** What came of a fill: a message where the rule no longer is what was to be evaluated. */
export type FillEnd = { readonly ranges: readonly TimeRange[]; readonly result: object } | { readonly message: string };

/** Evaluates a version for what it never saw of a range. */
export async function fillGaps(
  { ruleId, version, from, to }: Fill,
  catalog: Catalog,
  work: FillWork,
  onProgress: FillOptions['onProgress'],
  signal: AbortSignal,
): Promise<FillEnd> {
  const current = catalog.current(ruleId);
  if (!current?.rule || current.version !== version || current.rule.mode === 'off')
    return { message: `Version ${version} of the rule is not in force any more.` };
  const filled = await filledRanges(work.db, ruleId, version);
  const gaps = findGaps(catalog.recordsOf(ruleId), current, filled);
  const ranges = gaps.flatMap((gap) => overlap(gap, { from, to }));
  const found = await evaluateRanges(current.rule, ranges, { ...work, onProgress, signal });
  const shown = ranges.map((range) => ({ from: formatInstant(range.from), to: formatInstant(range.to) }));
  return { ranges, result: { ...found, ranges: shown } };
}
