import { describe, expect, it } from 'vitest';
import { formatTable } from './format-table.ts';
import { isMet, type RowResult } from './row.ts';

const row: RowResult = {
  name: 'POST',
  rawName: 'node:http',
  raw: 20_000,
  ours: 10_000,
  unit: 'requests/s',
  bar: 0.45,
  residentMegabytes: 193,
  diskMegabytes: 86,
  notes: [],
};

describe('formatTable', () => {
  it('puts ours beside the raw part with their ratio, the bar and what it took', () => {
    expect(formatTable([row]).split('\n').at(-1)).toMatch(
      /POST +\| 10,000 requests\/s +\| 20,000 requests\/s \(node:http\) +\| 0\.50 +\| ≥ 0\.45 +\| met +\| 193 MB +\| +\| 86 MB +\|$/,
    );
  });

  it.each([
    [{ ...row, ours: 8_000 }, false],
    [{ ...row, better: 'lower', raw: 2, ours: 2.9, bar: 1.5 }, true],
    [{ ...row, better: 'lower', raw: 2, ours: 3.1, bar: 1.5 }, false],
  ] as const)('says of %o whether its bar is met: %s', (result, met) => {
    expect(isMet(result)).toBe(met);
  });
});
