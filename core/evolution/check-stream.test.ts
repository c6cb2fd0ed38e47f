import { mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { describe, expect, it, onTestFinished } from 'vitest';
import { parseStream } from '../schema/parse-stream.ts';
import { checkStream } from './check-stream.ts';
import { readReleased, writeReleased } from './released-schemas.ts';

const textOf = (fields: readonly object[], stream: object = {}) =>
  JSON.stringify({ type: 'record', name: 'Ride', namespace: 'test', stream, fields });
const ride = (...fields: object[]) => parseStream('test/rides.avsc', textOf(fields));
const distance = { name: 'distance', type: 'double', minimum: 0 };
const pace = { name: 'pace', type: ['null', 'double'], default: null };

describe('checkStream', () => {
  it('says nothing changed against a registry, which knows no constraints, when only one of them did', () => {
    const before = { name: 'version 1 of rides-value', schema: ride(distance).avro };

    const check = checkStream(ride({ ...distance, minimum: 5, doc: 'How far.' }), [before]);

    expect(check).toEqual({ ok: true, changed: false, lines: ['rides: as version 1 of rides-value'] });
  });

  it('names what breaks clients beside the records, and still finds every record readable', () => {
    const released = ride(distance);
    const before = { name: 'released/rides/1.avsc', schema: released.avro, stream: released };
    const moved = parseStream('test/rides.avsc', textOf([{ ...distance, minimum: 5 }, pace], { path: '/trips' }));

    const check = checkStream(moved, [before]);

    expect(check).toEqual({
      ok: true,
      changed: true,
      lines: [
        'rides: fully compatible with released/rides/1.avsc; other changes: 2, 2 of them BREAKING',
        '  pace is new, with the default null: fully compatible.',
        '  the route changed from /streams/rides to /trips: BREAKING, as clients of the old route get 404.',
        '  distance: minimum tightened from 0 to 5: BREAKING, as records that were taken before are refused with 400.',
      ],
    });
  });

  it('names each change since the newest version', () => {
    const before = { name: 'version 1 of rides-value', schema: ride(distance).avro };

    const check = checkStream(ride(distance, pace), [before]);

    expect(check).toEqual({
      ok: true,
      changed: true,
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
  const schemasWithRides = async () => {
    const dir = await mkdtemp(join(tmpdir(), 'released-'));
    onTestFinished(() => rm(dir, { recursive: true }));
    await mkdir(join(dir, 'test'));
    await writeFile(join(dir, 'test/rides.avsc'), textOf([distance], { path: '/trips' }));
    return dir;
  };

  it('reads back what was released, oldest first, with its route and constraints', async () => {
    const dir = await schemasWithRides();
    for (let version = 1; version <= 10; version += 1) await writeReleased(dir, ride(distance), version);

    const released = await readReleased(dir, ride(distance));

    expect(released.map(({ version }) => version)).toEqual([1, 2, 3, 4, 5, 6, 7, 8, 9, 10]);
    expect(released[0]).toMatchObject({ name: 'released/rides/1.avsc', schema: ride(distance).avro });
    expect(released[0]?.stream).toMatchObject({
      name: 'rides',
      path: '/trips',
      fields: [{ minimum: 0 }, {}, {}, {}, {}],
    });
  });

  it('names a released file that is no schema any more', async () => {
    const dir = await schemasWithRides();
    await writeReleased(dir, ride(distance), 1);
    await writeFile(join(dir, 'released/rides/2.avsc'), '{}');

    await expect(readReleased(dir, ride(distance))).rejects.toThrow('released/rides/2.avsc: must be an Avro record');
  });

  it('has nothing for a stream that was never released', async () => {
    expect(await readReleased(tmpdir(), ride(distance))).toEqual([]);
  });
});
