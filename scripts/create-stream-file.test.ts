import { mkdtemp, readdir, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { loadStreams } from '@millrace/core/schema/load-streams';
import { describe, expect, it, onTestFinished } from 'vitest';
import { createStreamFile } from './create-stream-file.ts';
import { streamTemplate } from './stream-template.ts';

async function emptySchemas() {
  const schemasDir = await mkdtemp(join(tmpdir(), 'schemas-'));
  onTestFinished(() => rm(schemasDir, { recursive: true }));
  return schemasDir;
}

async function schemasWithFirst() {
  const schemasDir = await emptySchemas();
  await writeFile(join(schemasDir, 'first.avsc'), streamTemplate('first', 'fitness'));
  return schemasDir;
}

describe('createStreamFile', () => {
  it('writes a schema that loads as a stream of its own', async () => {
    const schemasDir = await schemasWithFirst();

    await createStreamFile({ schemasDir, name: 'bike-rides', domain: 'fitness' });

    const stream = (await loadStreams(schemasDir)).find(({ name }) => name === 'bike-rides');
    expect(stream).toMatchObject({
      path: '/streams/bike-rides',
      topic: 'bike-rides',
      table: 'bike_rides',
      recordName: 'millrace.fitness.BikeRides',
      countAs: 'num_bike_rides',
    });
  });

  it('writes the first one into an empty folder', async () => {
    const schemasDir = await emptySchemas();

    await createStreamFile({ schemasDir, name: 'cycling', domain: 'fitness' });

    expect(await loadStreams(schemasDir)).toMatchObject([{ name: 'cycling', file: 'fitness/cycling.avsc' }]);
  });

  it.each([
    ['a name that is taken', 'first', 'there is a stream "first" already, in first.avsc'],
    ['a name of the platform', 'stats', '"stats" is a reserved name'],
    ['a name that is no name', 'Bike Rides', 'must be lower-case words'],
  ])('refuses %s and writes nothing', async (_, name, reason) => {
    const schemasDir = await schemasWithFirst();
    const before = await readdir(schemasDir, { recursive: true });

    const created = createStreamFile({ schemasDir, name, domain: 'other' });

    await expect(created).rejects.toThrow(reason);
    expect(await readdir(schemasDir, { recursive: true })).toEqual(before);
  });
});
