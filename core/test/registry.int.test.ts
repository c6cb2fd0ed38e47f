import { randomUUID } from 'node:crypto';
import { describe, expect, inject, it } from 'vitest';
import { parseStream } from '../schema/parse-stream.ts';
import { openRegistry } from '../stream/open-registry.ts';

const { registryUrl } = inject('stack');
const distance = { name: 'distance', type: 'double' };
const pace = { name: 'pace', type: ['null', 'double'], default: null };

/** A new stream's versions; each call of what it answers is one. */
function newStream() {
  const name = `rides-${randomUUID()}`;
  return (...fields: object[]) =>
    parseStream(`test/${name}.avsc`, JSON.stringify({ type: 'record', name: 'Ride', namespace: 'test', fields }));
}

describe('openRegistry', () => {
  it('registers a schema once when several services start at the same moment', async () => {
    const rides = newStream()(distance);

    const ids = await Promise.all(Array.from({ length: 6 }, () => openRegistry(registryUrl).register(rides)));

    expect(new Set(ids).size).toBe(1);
  });

  it('takes a compatible version as a new one, and gives each back by its id', async () => {
    const version = newStream();
    const registry = openRegistry(registryUrl);

    const first = await registry.register(version(distance));
    const second = await registry.register(version(distance, pace));

    expect(second).not.toBe(first);
    expect((await registry.writerType(first))?.schema()).toMatchObject({ name: 'test.Ride' });
    expect(JSON.stringify(await registry.writerType(second))).toContain('pace');
  });

  it('refuses what could not read old records, with both sides of each change', async () => {
    const version = newStream();
    const registry = openRegistry(registryUrl);
    const rides = version(distance, pace);
    await registry.register(rides);

    const refused = registry.register(
      version({ ...distance, type: 'string' }, { name: 'place', type: 'string' }, pace),
    );

    await expect(refused).rejects.toMatchObject({
      code: 'incompatible-schema',
      retriable: false,
      message: [
        `${rides.file}: records already written could not be read under this schema.`,
        `  against version 1 of ${rides.subject}:`,
        "    distance changed from double to string: not compatible either way, as what was written as double can't be read as string, and string can't be read as double.",
        '      before: double',
        '      now:    string',
        '    place is new, without a default: forward compatible only, as records written before do not have it (give it a default, or an alias if it was renamed).',
        '      before: absent',
        '      now:    string',
      ].join('\n'),
    });
  });

  it('refuses what the newest version would allow but an older one does not', async () => {
    const version = newStream();
    const registry = openRegistry(registryUrl);
    await registry.register(version(distance));
    await registry.register(version(distance, pace));

    const refused = registry.register(version(distance, { name: 'pace', type: ['null', 'double'] }));

    await expect(refused).rejects.toThrow('against version 1 of');
  });
});
