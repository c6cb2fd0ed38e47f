import { createReadStream } from 'node:fs';
import { mkdtemp, readFile, rename, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { pipeline } from 'node:stream/promises';
import { createBrotliDecompress } from 'node:zlib';
import { waitUntil } from '@millrace/testing/wait-until';
import { extract } from 'tar';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { getJson } from './get-json.ts';
import { type OwnPlatform, startOwnPlatform } from './own-platform.ts';

type Row = Readonly<Record<string, unknown>>;

const FIXTURE = join(import.meta.dirname, 'fixtures/data-of-2eec546.tar.br');

let dir: string;
let platform: OwnPlatform;

const expected = (file: string) => readFile(join(dir, 'expected', file), 'utf8');
const linesOf = (text: string): Row[] =>
  text
    .trim()
    .split('\n')
    .map((line): Row => JSON.parse(line));
const history = (stream: string) => getJson<Row[]>(`${platform.urls.analyzer}/${stream}?from_index=0&limit=1000`);

beforeAll(async () => {
  dir = await mkdtemp(join(tmpdir(), 'millrace-upgrade-'));
  await pipeline(createReadStream(FIXTURE), createBrotliDecompress(), extract({ cwd: dir }));
  platform = await startOwnPlatform({ prepare: (dataDir) => rename(join(dir, 'data'), dataDir) });
});

afterAll(async () => {
  await platform?.close();
  await rm(dir, { recursive: true, force: true });
});

describe('make up over the data of the first release', () => {
  it.each(['running', 'music'])('numbers the events of %s as before', async (stream) => {
    const before: Row[] = JSON.parse(await expected(`analyzer-${stream}.json`));

    expect(await history(stream)).toEqual(before);
  });

  it.each(['running', 'music'])('has the rows of %s as before, and doubles as they were posted', async (stream) => {
    const before = linesOf(await expected(`storage-${stream}.ndjson`));
    const posted = new Map((await history(stream)).map((event) => [event.event_id, event]));
    const exact = before.map((row) => {
      const event = posted.get(row.event_id) ?? {};
      return {
        ...row,
        ...Object.fromEntries(Object.keys(row).flatMap((name) => (name in event ? [[name, event[name]]] : []))),
      };
    });

    const answer = await fetch(`${platform.urls.storage}/stats/${stream}`, {
      headers: { accept: 'application/x-ndjson' },
    });

    expect(linesOf(await answer.text())).toEqual(exact);
  });

  it('counts as before', async () => {
    const { streams, num_music_info, num_running_stats } = JSON.parse(await expected('stats.json'));

    expect(await getJson<Row>(`${platform.urls.analyzer}/stats`)).toMatchObject({
      ...{ streams, num_music_info, num_running_stats },
      lag: 0,
    });
  });

  it('has the dead letter as before', async () => {
    expect(await getJson<Row[]>(`${platform.urls.storage}/dead-letters`)).toMatchObject(
      JSON.parse(await expected('dead-letters.json')),
    );
  });

  it('takes the next event behind the old ones', async () => {
    const before = (await history('running')).length;
    const run = {
      user_id: 'd290f1ee-6c54-4b01-90e6-d701748f0851',
      ...{ duration: 984.7633333333333, distance: 98.20721435546875, timestamp: '2026-11-27T07:32:10.000Z' },
    };

    const answer = await fetch(`${platform.urls.receiver}/stats/running`, {
      method: 'POST',
      headers: { 'content-type': 'application/json' },
      body: JSON.stringify(run),
    });
    const { event_id } = JSON.parse(await answer.text());
    const events = await waitUntil(
      () => history('running'),
      ({ length }) => length > before,
    );
    const rows = await waitUntil(
      () => getJson<Row[]>(`${platform.urls.storage}/stats/running?limit=1&order=desc`),
      ([row]) => row?.event_id === event_id,
    );

    expect(events.at(-1)).toMatchObject({ ...run, event_id, position: { index: before } });
    expect(rows).toMatchObject([{ ...run, event_id }]);
  });
});
