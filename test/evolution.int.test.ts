import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { createTestNames } from '@millrace/testing/test-names';
import { waitUntil } from '@millrace/testing/wait-until';
import type { World } from '@millrace/testing/world';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { getJson } from './get-json.ts';
import { startInVain } from './start-in-vain.ts';
import { openGround, type Platform, startPlatform } from './start-platform.ts';

type Row = Readonly<Record<string, unknown>>;

const name = `${createTestNames().prefix}-rides`;
const field = (of: string, type: unknown, more: object = {}) => ({ name: of, type, ...more });
const kind = (...symbols: string[]) => ({ type: 'enum', name: 'Kind', symbols });

const rider = field('rider', 'string', { maxLength: 40 });
const at = field('at', { type: 'long', logicalType: 'timestamp-millis' });

/** Three versions, as a stream lives: fields come, go, are renamed, widened and may be left out. */
const versions = [
  [
    rider,
    at,
    field('metres', 'int'),
    field('kind', kind('road', 'trail')),
    field('bell', 'boolean', { default: true }),
  ],
  [
    ...[rider, at, field('metres', 'long'), field('kind', kind('road', 'trail', 'track'))],
    ...[field('bell', 'boolean', { default: true }), field('note', ['null', 'string'], { default: null })],
  ],
  [
    ...[rider, at, field('distance', 'double', { aliases: ['metres'] }), field('kind', kind('road', 'trail', 'track'))],
    ...[field('note', ['null', 'string'], { default: null }), field('laps', 'int', { default: 1 })],
  ],
];

const posts = [
  { rider: 'ann', at: '2026-03-14T07:00:00.000Z', metres: 2_000_000_000, kind: 'road', bell: false },
  { rider: 'ann', at: '2026-03-14T08:00:00.000Z', metres: 5_000_000_000, kind: 'track', note: 'windy' },
  { rider: 'ann', at: '2026-03-14T09:00:00.000Z', distance: 1234.5, kind: 'trail', note: null, laps: 3 },
];

/** What each reads as under the third version. */
const rows = [
  { rider: 'ann', at: posts[0]?.at, distance: 2_000_000_000, kind: 'road', note: null, laps: 1 },
  { rider: 'ann', at: posts[1]?.at, distance: 5_000_000_000, kind: 'track', note: 'windy', laps: 1 },
  { rider: 'ann', at: posts[2]?.at, distance: 1234.5, kind: 'trail', note: null, laps: 3 },
];

let ground: World;
let platform: Platform;

const writeVersion = (fields: readonly object[] | undefined) =>
  writeFile(
    join(ground.schemasDir, 'rides.avsc'),
    JSON.stringify({
      ...{ type: 'record', name: 'Ride', namespace: 'test' },
      stream: { name, path: `/rides/${name}`, key: 'rider', time: 'at', measures: [] },
      fields,
    }),
  );

beforeAll(async () => {
  ground = await openGround({});
  for (const [index, fields] of versions.entries()) {
    await platform?.close();
    await writeVersion(fields);
    platform = await startPlatform(ground);
    const body = JSON.stringify(posts[index]);
    const headers = { 'content-type': 'application/json' };
    const answer = await fetch(`${platform.receiver}/rides/${name}`, { method: 'POST', headers, body });
    expect(answer.status, await answer.text()).toBe(201);
    await waitUntil(
      () => getJson<Row[]>(`${platform.storage}/rides/${name}`),
      (stored) => stored.length === index + 1,
    );
  }
});

afterAll(async () => {
  await platform?.close();
  await ground?.close();
});

describe('a topic that holds records of three schema versions', () => {
  it('has the three versions in the registry', async () => {
    expect(await getJson(`${ground.env.SCHEMA_REGISTRY_URL}/subjects/${name}-value/versions`)).toEqual([1, 2, 3]);
  });

  it('is read by storage as the newest version says, whichever version stored a row', async () => {
    const stored = await getJson<Row[]>(`${platform.storage}/rides/${name}`);

    expect(stored).toMatchObject(rows);
  });

  it('is read by the analyzer as the newest version says', async () => {
    const events = await waitUntil(
      () => getJson<Row[]>(`${platform.analyzer}/${name}?from_index=0`),
      ({ length }) => length === 3,
    );

    expect(events).toMatchObject(rows);
  });
});

describe('a version that could not read the records', () => {
  beforeAll(() => platform.close());

  it.each(['receiver', 'storage', 'analyzer'])(
    'stops %s at start with both sides of the difference',
    async (service) => {
      await writeVersion([rider, at, field('distance', 'string'), field('kind', kind('road'))]);

      const { code, stderr } = await startInVain(service, ground.env);

      expect(code).toBe(1);
      expect(stderr).toContain(`${service} cannot start: rides.avsc: records already written could not be read`);
      expect(stderr).toContain(`against version 3 of ${name}-value`);
      expect(stderr).toMatch(/distance changed from double to string: .*\n +before: double\n +now: +string/);
      expect(stderr).toContain('kind no longer allows trail, track');
      expect(stderr).not.toContain('    at ');
    },
  );
});
