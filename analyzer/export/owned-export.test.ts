import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { DuckDBInstance } from '@duckdb/node-api';
import { expect, it, onTestFinished } from 'vitest';
import { inMemory, streamOf } from '../test/in-memory.ts';
import { createWithParquet } from './with-parquet.ts';

const uuid = { type: 'string', logicalType: 'uuid' };
const [ADA, BEN] = ['6f1e2f0c-6f6a-4e0e-9a53-0d1a3c2b4d5e', '0b7b1c1e-3c55-4a2b-8a3e-5f2d7e6c9a10'];
const fields = [
  { name: 'who', type: uuid },
  { name: 'distance', type: 'int' },
];

it.each([
  ['the owner’s rows alone', ADA, [1, 3]],
  ['every row', undefined, [1, 2, 3]],
  ['no row for who owns none', '11111111-1111-4111-8111-111111111111', []],
  ['no row for a subject that is no value of the field', "x' OR 'a' = 'a", []],
])('a Parquet file has %s', async (_, owner, distances) => {
  const db = await inMemory();
  const dir = await mkdtemp(join(tmpdir(), 'millrace-owned-'));
  const instance = await DuckDBInstance.create(':memory:');
  const connection = await instance.connect();
  onTestFinished(async () => {
    connection.closeSync();
    instance.closeSync();
    await db.close();
    await rm(dir, { recursive: true });
  });
  const history = await db.create(streamOf('owned', fields, { key: 'who', time: 'ingested_at' }));
  const rows = [ADA, BEN, ADA].map((who, index) => ({ who, distance: index + 1 }));
  await db.fill(history, rows);
  let found: unknown[] = [];

  const write = createWithParquet(db.pool, dir);
  await write(history.table, { owner }, new AbortController().signal, async (file) => {
    const reader = await connection.runAndReadAll('SELECT distance FROM read_parquet($file) ORDER BY 1', { file });
    found = reader.getRows().flat();
  });

  expect(found).toEqual(distances);
});
