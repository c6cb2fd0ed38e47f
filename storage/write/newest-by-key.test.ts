import { describe, expect, it } from 'vitest';
import { newestByKey } from './newest-by-key.ts';
import type { Change } from './prepare-changes.ts';

const record = { offset: 0n, key: null, value: null, headers: {}, appendTime: 0 };
const row = (key: string, version: unknown, name = ''): Change => ({
  ...{ kind: 'row', record, key, values: name, children: [] },
  value: { version },
});
const removal = (key: string): Change => ({ kind: 'removal', record, key });

function newest(...changes: Change[]) {
  const { removed, rows } = newestByKey(changes, 'version');
  return { removed, rows: rows.map(({ key, values }) => `${key} ${values}`) };
}

describe('of each key in a batch', () => {
  it('the newest version counts, and of equal ones the last', () => {
    const found = newest(row('a', 2, 'two'), row('a', 1, 'one'), row('b', 1, 'first'), row('b', 1, 'second'));

    expect(found).toEqual({ removed: [], rows: ['a two', 'b second'] });
  });

  it('only what comes after the last tombstone is left', () => {
    const found = newest(row('a', 9, 'gone'), removal('a'), row('a', 1, 'new'), row('b', 1), removal('b'));

    expect(found).toEqual({ removed: ['a', 'b'], rows: ['a new'] });
  });

  it('a version that is not there is older than any, and decimals compare as numbers', () => {
    const bytes = (hex: string) => Buffer.from(hex, 'hex');

    expect(newest(row('a', 1, 'one'), row('a', null, 'none')).rows).toEqual(['a one']);
    expect(newest(row('a', null, 'none'), row('a', -5, 'minus five')).rows).toEqual(['a minus five']);
    expect(
      newest(row('a', bytes('0100'), '256'), row('a', bytes('ff'), '-1'), row('a', bytes('7f'), '127')).rows,
    ).toEqual(['a 256']);
  });
});
