import { mkdtemp, readFile, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { describe, expect, it, onTestFinished } from 'vitest';
import { parseStream } from '../schema/parse-stream.ts';
import { checkStream } from './check-stream.ts';
import { readReleased, writeReleased } from './released-schemas.ts';

const ride = (...fields: object[]) =>
  parseStream('test/rides.avsc', JSON.stringify({ type: 'record', name: 'Ride', namespace: 'test', fields }));
const distance = { name: 'distance', type: 'double', minimum: 0 };
const pace = { name: 'pace', type: ['null', 'double'], default: null };

describe('checkStream', () => {
  it('says nothing changed when only a constraint did', () => {
    const before = { name: 'version 1 of rides-value', schema: ride(distance).avro };

    const check = checkStream(ride({ ...distance, minimum: 5, doc: 'How far.' }), [before]);

    expect(check).toEqual({ ok: true, lines: ['rides: as version 1 of rides-value'] });
  });

  it('names each change since the newest version', () => {
    const before = { name: 'version 1 of rides-value', schema: ride(distance).avro };

    const check = checkStream(ride(distance, pace), [before]);

    expect(check).toEqual({
      ok: true,
      lines: [
        'rides: fully compatible with version 1 of rides-value',
        '  pace is new, with the default null: fully compatible.',
      ],
    });
  });

  it('is not fooled by a default that came and went: records of the first version would be lost', () => {
    const first = { name: 'version 1', schema: ride(distance).avro };
    const second = { name: 'version 2', schema: ride(distance, pace).avro };

    const check = checkStream(ride(distance, { name: 'pace', type: ['null', 'double'] }), [first, second]);

    expect(check.ok).toBe(false);
    expect(check.lines).toEqual([
      'rides: fully compatible with version 2',
      '  pace changed from default null to no default: fully compatible.',
      '  Records of an older version could not be read:',
      [
        '  against version 1:',
        '    pace is new, without a default: forward compatible only, as records written before do not have it (give it a default, or an alias if it was renamed).',
        '      before: absent',
        '      now:    null or double',
      ].join('\n'),
    ]);
  });
});

describe('readReleased', () => {
  it('reads back what was released, oldest first, in the form that the registry gets', async () => {
    const dir = await mkdtemp(join(tmpdir(), 'released-'));
    onTestFinished(() => rm(dir, { recursive: true }));
    for (let version = 1; version <= 10; version += 1) await writeReleased(dir, ride(distance), version);

    const released = await readReleased(dir, ride(distance));

    expect(released.map(({ version }) => version)).toEqual([1, 2, 3, 4, 5, 6, 7, 8, 9, 10]);
    expect(released[0]?.schema).toEqual(ride(distance).avro);
    expect(await readFile(join(dir, 'released/rides/1.avsc'), 'utf8')).not.toContain('minimum');
  });

  it('has nothing for a stream that was never released', async () => {
    expect(await readReleased(tmpdir(), ride(distance))).toEqual([]);
  });
});
