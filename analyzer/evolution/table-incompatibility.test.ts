import { avscType } from '@millrace/core/schema/avsc-type';
import { describe, expect, it } from 'vitest';
import { UNUSABLE } from '../store/writer-schemas.ts';
import { tableIncompatibility } from './table-incompatibility.ts';

const schema = (...fields: object[]) => ({ type: 'record', name: 'Thing', fields }) as const;
const field = (name: string, type: unknown, more: object = {}) => ({ name, type, ...more });

/** Why a table made for `before`, with records written as `writer`, can't become one for `after`. */
function why(writer: object[], before: object[], after: object[], ids = [1]) {
  return tableIncompatibility(schema(...before), schema(...after), new Set(ids), async () =>
    avscType(schema(...writer)),
  );
}

const uuid = { type: 'string', logicalType: 'uuid' };
const v1 = [field('a', 'int')];

describe('a table can be altered', () => {
  it.each([
    ['a field is added with a default', v1, v1, [...v1, field('b', 'string', { default: '' })]],
    ['a field is removed', [...v1, field('b', uuid)], [...v1, field('b', uuid)], v1],
    ['a number is widened', v1, v1, [field('a', 'double')]],
    ['a number was widened before, from what the records have', v1, [field('a', 'long')], [field('a', 'double')]],
    ['a field is renamed', v1, v1, [field('c', 'int', { aliases: ['a'] })]],
    ['a field may now be null', v1, v1, [field('a', ['null', 'int'])]],
    [
      'a default that is widened stands for records',
      [field('z', 'int')],
      [field('a', 'int', { default: 3 })],
      [field('a', 'long', { default: 3 })],
    ],
  ])('when %s', async (_, writer, before, after) => {
    expect(await why(writer, before, after)).toBeUndefined();
  });
});

describe('a table can not be altered', () => {
  it.each([
    ['b was left out when it was read', [...v1, field('b', 'int')], v1, [...v1, field('b', 'int', { default: 0 })]],
    ['a was cut to single precision when it was read', v1, [field('a', 'float')], [field('a', 'double')]],
    [
      'the default of b was 1',
      v1,
      [...v1, field('b', 'int', { default: 1 })],
      [...v1, field('b', 'int', { default: 2 })],
    ],
    [
      'a is kept as JSON text, and its type is another',
      v1,
      [field('a', ['int', 'string'])],
      [field('a', ['int', 'string', 'boolean'])],
    ],
    ['a was VARCHAR and is BLOB', [field('a', 'string')], [field('a', 'string')], [field('a', 'bytes')]],
  ])('for %s', async (reason, writer, before, after) => {
    expect(await why(writer, before, after)).toBe(`of records written under schema id 1, ${reason}`);
  });

  it('for a schema that can not be compared, such as one that another client registered', async () => {
    const foreign = [...v1, field('self', ['null', 'Thing'])];
    const refused = [...v1, field('b', uuid, { default: 'none' })];

    expect(await why(foreign, v1, [...v1, field('b', 'int', { default: 0 })])).toMatch(/^a schema can't be compared: /);
    expect(await why(v1, refused, v1)).toMatch(/^a schema can't be compared: .*uuid/);
  });

  it('for records that only one of the schemas can read, and for those left out that may fit now', async () => {
    const wide = [field('a', 'double')];

    expect(await why(wide, v1, wide)).toBe('only now can schema id 1 be read');
    for (const type of [uuid, 'double'])
      expect(await why(v1, [...v1, field('b', type)], v1, [UNUSABLE])).toBe(
        'records were left out, and under the new type of b some might be used',
      );
  });
});
