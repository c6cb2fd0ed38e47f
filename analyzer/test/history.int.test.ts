import { readdir, readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { ask, untilCounted } from './ask.ts';
import { ownAnalyzer } from './own-analyzer.ts';
import { type OwnStream, ownStream, run } from './own-stream.ts';

const ONE = '11111111-1111-4111-8111-111111111111';

const records = ({ encode }: OwnStream, from: number, to: number, partition = 0) =>
  Array.from({ length: to - from }, (_, i) => ({ partition, key: null, value: encode(run(from + i)) }));

async function outcome(url: string, name: string): Promise<number> {
  const text = await (await fetch(`${url}/metrics`)).text();
  const match = new RegExp(`records_total\\{[^}]*outcome="${name}"[^}]*\\} (\\d+)`).exec(text);
  return Number(match?.[1] ?? 0);
}

describe('an analyzer', () => {
  it('answers one event by its number, counted from either end, and pages of history', async () => {
    const own = await ownStream(3);
    const { name } = own.stream;
    const { url } = await (await ownAnalyzer(own)).start();
    const empty = await ask(url, `/${name}?index=0`);
    for (let i = 0; i < 5; i += 1) await own.produce(records(own, i, i + 1, i % 3));
    await untilCounted(url, name, 5);

    const [first, last, before, beyond, page] = await Promise.all(
      ['index=0', 'index=-1', 'index=-6', 'index=5', 'from_index=1&limit=3'].map((query) =>
        ask(url, `/${name}?${query}`),
      ),
    );

    expect(empty).toMatchObject({ status: 404, body: { code: 'not-found', detail: `${name} has no events yet.` } });
    expect(first?.body).toMatchObject({
      duration: 0,
      distance: 0,
      timestamp: '2026-03-01T00:00:00.000Z',
      source: 'test',
    });
    expect(first?.body).toMatchObject({ position: { index: 0, partition: 0, offset: 0 } });
    expect(last?.body).toMatchObject({ duration: 4, position: { index: 4, partition: 1, offset: 1 } });
    expect(before).toMatchObject({ status: 404 });
    expect(beyond).toMatchObject({
      status: 404,
      body: { detail: `${name} has 5 events, from 0 to 4; there is none at 5.` },
    });
    expect(page?.body).toMatchObject([{ duration: 1 }, { duration: 2 }, { duration: 3 }]);
    expect(page?.headers.get('link')).toBe(`</${name}?from_index=4&limit=3>; rel="next"`);
  });

  it('refuses what is no number, and more or less than one question', async () => {
    const own = await ownStream(1);
    const { url } = await (await ownAnalyzer(own)).start();
    const queries = ['index=one', 'index=1.5', 'index=', 'index=1&from_index=2', 'limit=2', 'index=1&indx=2'];

    const answers = await Promise.all(queries.map((query) => ask(url, `/${own.stream.name}?${query}`)));

    for (const { status, body } of answers) expect([status, body]).toMatchObject([400, { code: 'invalid-parameter' }]);
  });

  it('counts an event once however often it is delivered, and leaves out what can not be read', async () => {
    const own = await ownStream(3);
    const { name } = own.stream;
    const analyzer = await ownAnalyzer(own);
    const first = await analyzer.start();
    const repeated = { partition: 0, key: null, value: own.encode(run(1, { event_id: ONE })) };
    const unreadable = { partition: 1, key: null, value: Buffer.from('not avro') };
    const noUuid = { partition: 1, key: null, value: own.encode(run(2, { user_id: 'somebody' })) };
    await own.produce([repeated, repeated, unreadable, noUuid]);
    await untilCounted(first.url, name, 1);
    await first.stop();
    const second = await analyzer.start();
    await own.produce([
      { ...repeated, partition: 2 },
      { partition: 1, key: null, value: null },
    ]);
    await own.produce(records(own, 3, 4));
    await untilCounted(second.url, name, 2);

    const { body } = await ask(second.url, '/stats');

    expect(body).toMatchObject({
      num_running_stats: 2,
      streams: { [name]: { count: 2, duration: { sum: 4, max: 3 } } },
    });
    expect(await outcome(second.url, 'redelivered')).toBe(1);
    expect(second.lines.flatMap(({ reason }) => reason ?? [])).toEqual(
      expect.arrayContaining([
        "the value is not Avro in the registry's wire format",
        'user_id is not a uuid',
        'the record has no value',
      ]),
    );
  });

  it('reads on from its checkpoint', async () => {
    const own = await ownStream(3);
    const { name } = own.stream;
    const analyzer = await ownAnalyzer(own);
    const first = await analyzer.start();
    for (const partition of [0, 1, 2]) await own.produce(records(own, 0, 3_000, partition));
    await untilCounted(first.url, name, 9_000);
    await first.kill();
    await own.produce(records(own, 0, 10, 1));

    const second = await analyzer.start();
    await untilCounted(second.url, name, 9_010);

    expect(await outcome(second.url, 'numbered')).toBe(10);
    expect(await outcome(second.url, 'redelivered')).toBe(0);
  });

  it.each(['garbage', 'another program'])('sets aside a file that is %s and rebuilds', async (kind) => {
    const own = await ownStream(1);
    const { name } = own.stream;
    const analyzer = await ownAnalyzer(own);
    const first = await analyzer.start();
    await own.produce(records(own, 0, 20));
    await untilCounted(first.url, name, 20);
    await first.stop();
    const folder = join(analyzer.dataDir, 'analyzer');
    await spoil(join(folder, 'analyzer.duckdb'), kind === 'garbage');

    const second = await analyzer.start();
    await untilCounted(second.url, name, 20);

    expect(await readdir(folder)).toContainEqual(expect.stringMatching(/^analyzer\.duckdb\.set-aside-/));
    expect(second.lines).toContainEqual(
      expect.objectContaining({ level: 'warn', msg: 'the file could not be used: renamed, rebuilding from Kafka' }),
    );
  });
});

/** Overwrites the middle of the file, where DuckDB checks sums, or all of it with another database. */
async function spoil(file: string, garbage: boolean) {
  if (!garbage) {
    const { DuckDBInstance } = await import('@duckdb/node-api');
    const other = `${file}.other`;
    const instance = await DuckDBInstance.create(other);
    const connection = await instance.connect();
    await connection.run('CREATE TABLE things AS SELECT 1 AS one');
    connection.closeSync();
    instance.closeSync();
    await writeFile(file, await readFile(other));
    return;
  }
  const bytes = await readFile(file);
  await writeFile(file, bytes.fill(0x5a, 4_096));
}
