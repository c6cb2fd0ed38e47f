import { v5 } from 'uuid';
import type { Catalog } from '../catalog/catalog.ts';
import type { Fill } from '../runs/run.ts';
import { findGaps } from './find-gaps.ts';

const NAMESPACE = '7c0a3f5e-52a1-5d0e-8f64-1b9d2f0f6c11';

/** What versions with an `effective_from` in their past are to be evaluated for: from then on until they were made. */
export const fillsFromTheirStart = (catalog: Catalog): Fill[] =>
  catalog.all().flatMap((current) => {
    const { ruleId, version, definition } = current;
    if (definition.effective_from === null || definition.mode === 'off') return [];
    const [gap] = findGaps(catalog.recordsOf(ruleId), current, []);
    if (gap?.reason !== 'made later') return [];
    const runId = v5(`${ruleId}:${version}`, NAMESPACE);
    return [{ runId, ruleId, version, from: gap.from, to: gap.to }];
  });
