import { describe, expect, it } from 'vitest';
import { ruleDefinition } from '../rule/definition.ts';
import { ruleOf } from '../test/drive.ts';
import { createCatalog, type RuleRecord } from './catalog.ts';
import { checkRules } from './check-rules.ts';

const definition = ruleDefinition.parse({ name: 'far', kind: 'win', streams: ['running'], when: 'true' });

const record = (at: number, ruleId: string, says: RuleRecord['says']): RuleRecord => ({
  ...{ partition: 0, offset: BigInt(at), at, appendedAt: at, ruleId, says },
});
const version = (at: number, ruleId: string, number: number) =>
  record(at, ruleId, {
    kind: 'version',
    version: {
      ...{ version: number, definition, json: { rule_id: ruleId, version: number }, faults: [] },
      rule: ruleOf({ ruleId, version: number, when: 'true' }),
    },
  });
const end = (at: number, ruleId: string) => record(at, ruleId, { kind: 'end' });
const nothing = (at: number, ruleId: string) => record(at, ruleId, { kind: 'nothing', fault: 'it is no rule' });

function catalogOf(...records: readonly RuleRecord[]) {
  const catalog = createCatalog();
  catalog.add(records);
  return catalog;
}

describe('a catalog', () => {
  it('has the newest version of each rule that has not ended, by id', () => {
    const catalog = catalogOf(
      version(1, 'b', 1),
      version(2, 'a', 1),
      version(3, 'b', 2),
      version(4, 'c', 1),
      end(5, 'c'),
    );

    expect(catalog.all().map(({ ruleId, version: number }) => [ruleId, number])).toEqual([
      ['a', 1],
      ['b', 2],
    ]);
    expect(catalog.versions('b').map(({ version: number }) => number)).toEqual([1, 2]);
    expect(catalog.versions('c')).toEqual([]);
  });

  it('leaves a rule as it is where its record can not be used, and says so', async () => {
    const catalog = catalogOf(version(1, 'a', 1), nothing(2, 'a'), nothing(3, ''));

    expect(catalog.current('a')).toMatchObject({
      version: 1,
      faults: [{ pointer: '', message: 'its record at offset 2 of partition 0 can not be used: it is no rule' }],
    });
    expect(catalog.inForceFrom(10).map(({ ruleId }) => ruleId)).toEqual(['a']);
    expect(await checkRules(catalog)()).toEqual({
      ok: true,
      detail: '2 records can not be used, such as the one at offset 2 of partition 0',
    });
  });

  it('forgets the fault with the next record that can be used', () => {
    const catalog = catalogOf(version(1, 'a', 1), nothing(2, 'a'), version(3, 'a', 2));

    expect(catalog.current('a')).toMatchObject({ version: 2, faults: [] });
  });

  it('knows every rule that is in force at a time, or comes later', () => {
    const catalog = catalogOf(
      version(1, 'a', 1),
      version(2, 'b', 1),
      version(5, 'a', 2),
      end(6, 'b'),
      version(9, 'c', 1),
    );

    const from = (time: number) => catalog.inForceFrom(time).map(({ ruleId, version: number }) => `${ruleId}${number}`);
    expect(from(4)).toEqual(['a1', 'a2', 'b1', 'c1']);
    expect(from(7)).toEqual(['a2', 'c1']);
  });
});
