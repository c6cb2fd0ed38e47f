import { randomUUID } from 'node:crypto';
import { selectRows } from '@millrace/core/database/run-sql';
import { compileFromJson, type Value } from '@millrace/core/schema/from-json';
import { everyType, everyTypeSchema } from '@millrace/testing/every-type';
import { readCsv } from '@millrace/testing/read-csv';
import type { RunningService } from '@millrace/testing/start-service';
import { waitUntil } from '@millrace/testing/wait-until';
import fc from 'fast-check';
import { afterAll, beforeAll, describe, expect, inject, it } from 'vitest';
import { countRows } from './stored-rows.ts';
import { openTestBed, type TestBed } from './test-bed.ts';

type Json = Record<string, unknown>;

const COUNT = 3_000;
const SEED = 20_261_127;
const SAME_MOMENT = Date.parse('2026-03-14T07:00:00Z');

const longsSchema = {
  type: 'record',
  name: 'Longs',
  namespace: 'test',
  stream: { path: '/longs', key: 'id', time: 'at', store: 'upsert' },
  fields: [
    { name: 'id', type: 'long' },
    { name: 'at', type: { type: 'long', logicalType: 'timestamp-millis' } },
  ],
};

let bed: TestBed;
let storage: RunningService;
const posted = new Map<string, Json>(
  fc.sample(everyType, { numRuns: COUNT, seed: SEED }).map((json) => [randomUUID(), json]),
);
let values: Value[];

beforeAll(async () => {
  bed = await openTestBed(inject('stack'), {
    'every-type': everyTypeSchema,
    longs: longsSchema,
  });
  storage = await bed.startStorage();
  const stream = bed.stream('every-type');
  const fromJson = compileFromJson(stream.fields);
  const metadata = { trace_id: 'a'.repeat(32), source: 'test', ingested_at: '2026-03-14T07:00:00Z' };
  values = [...posted].map(([event_id, json]) => fromJson({ ...json, event_id, ...metadata }));
  await bed.publish('every-type', values);
  await waitUntil(
    () => countRows(bed.db, stream.table),
    (rows) => rows >= COUNT,
    { withinMs: 60_000 },
  );
});
afterAll(() => bed.close());

const get = (path: string, accept = 'application/json') => fetch(`${storage.url}${path}`, { headers: { accept } });
const deadLetters = () => selectRows<Json>(bed.db, 'SELECT code, reason FROM dead_letters');

/** Follows the links to the end. */
async function allPages(path: string): Promise<Json[]> {
  const rows: Json[] = [];
  for (let next: string | undefined = path; next !== undefined; ) {
    const response = await get(next);
    const page: unknown = await response.json();
    if (Array.isArray(page)) rows.push(...page);
    next = /^<([^>]+)>; rel="next"$/.exec(response.headers.get('link') ?? '')?.[1];
  }
  return rows;
}

function expectAsPosted(rows: readonly Json[]): void {
  expect(rows).toHaveLength(COUNT);
  for (const row of rows) {
    const { event_id, trace_id, source, ingested_at, stored_at, ...own } = row;
    expect(own).toEqual(posted.get(String(event_id)));
  }
}

describe('every type at its limits', () => {
  it('comes back as posted in JSON, page by page', { timeout: 120_000 }, async () => {
    expectAsPosted(await allPages('/every-type?limit=499'));
  });

  it('comes back as posted in NDJSON', async () => {
    const lines = (await (await get('/every-type', 'application/x-ndjson')).text()).trimEnd().split('\n');

    expectAsPosted(lines.map((line) => JSON.parse(line)));
  });

  it('comes back as posted in CSV, null and the empty text apart', async () => {
    const [head = [], ...lines] = readCsv(await (await get('/every-type', 'text/csv')).text());

    const rows = lines.map((cells) => Object.fromEntries(head.map((name, at) => [name ?? '', cells[at] ?? null])));
    expect(rows).toHaveLength(COUNT);
    for (const row of rows) {
      for (const [name, value] of Object.entries(posted.get(row.event_id ?? '') ?? {})) {
        const cell = row[name] ?? null;
        if (typeof value === 'number') expect(Number(cell)).toBe(value);
        else if (typeof value === 'object' && value !== null) expect(JSON.parse(cell ?? '')).toEqual(value);
        else expect(cell).toBe(value === null ? null : String(value));
      }
    }
  });

  it('is no conflict when the same is sent again', async () => {
    await bed.publish('every-type', values);
    await bed.publish('every-type', [{ ...values[0], event_id: randomUUID() }]);
    await waitUntil(
      () => countRows(bed.db, bed.stream('every-type').table),
      (rows) => rows > COUNT,
    );

    expect(await deadLetters()).toEqual([]);
  });
});

describe('a list by a number', () => {
  it('misses and repeats none, page by page', async () => {
    const metadata = { trace_id: 'a'.repeat(32), source: 'test', ingested_at: SAME_MOMENT };
    const ids = Array.from({ length: 300 }, (_, n) => Number.MAX_SAFE_INTEGER - 1 - n).concat(-(2 ** 52), 0, -1);
    await bed.publish(
      'longs',
      ids.map((id) => ({ id, at: SAME_MOMENT, event_id: randomUUID(), ...metadata })),
    );
    await waitUntil(
      () => countRows(bed.db, bed.stream('longs').table),
      (rows) => rows >= ids.length,
    );

    const rows = await allPages('/longs?limit=7');

    expect(rows.map(({ id }) => id)).toEqual([...ids].sort((a, b) => a - b));
  });
});
