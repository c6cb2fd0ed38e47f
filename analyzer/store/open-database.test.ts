import { mkdtemp, readdir, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { createLog } from '@millrace/core/log/create-log';
import { loadStreams } from '@millrace/core/schema/load-streams';
import { schemasDir } from '@millrace/schemas/schemas-dir';
import { expect, it, onTestFinished } from 'vitest';
import { createReaderPool } from '../ask/reader-pool.ts';
import { answerQuestion } from '../stats/answer-question.ts';
import { parseQuestion } from '../stats/parse-question.ts';
import { openDatabase } from './open-database.ts';
import { createTableSql } from './stream-table.ts';

const ROWS = 600_000;
const streams = await loadStreams(schemasDir);
const question = (query: string) => parseQuestion(streams, new URLSearchParams(`stream=running&${query}`));

/** A database with runs made by DuckDB itself, and with that little memory. */
async function filled(memoryLimit: string, budgetMs = 60_000) {
  const dir = await mkdtemp(join(tmpdir(), 'database-'));
  const log = createLog({ name: 'test', level: 'silent' });
  const database = await openDatabase({ file: join(dir, 'a.duckdb'), memoryLimit, threads: 2, log });
  const pool = createReaderPool(database.connect, { size: 1, maxWaiting: 1, budgetMs });
  onTestFinished(async () => {
    await pool.close();
    database.close();
    await rm(dir, { recursive: true });
  });
  const [stream] = streams.filter(({ name }) => name === 'running');
  if (!stream) throw new Error('the shipped streams have no "running"');
  await database.writer.run(createTableSql('runs', stream));
  await database.writer.run(`INSERT INTO runs SELECT n, 0, n, epoch_ms(n), uuid(), n, n, epoch_ms(n), uuid(), md5(n::VARCHAR),
    'test', epoch_ms(n) FROM range(${ROWS}) numbers(n)`);
  return {
    dir,
    pool,
    async ask(query: string) {
      const history = { table: { stream, epoch: 0, table: 'runs' }, count: () => BigInt(ROWS) };
      return (await answerQuestion(pool, question(query), history)).rows;
    },
  };
}

it('answers rightly from more than fits into its memory, by way of files beside it', async () => {
  const { dir, ask } = await filled('64MB');
  const spilled = new Set<string>();
  let answered = false;
  const asking = ask('measure=count_distinct(event_id)&measure=count_distinct(trace_id)&measure=sum(distance)').finally(
    () => {
      answered = true;
    },
  );
  for (; !answered; await sleep(2))
    for (const file of await readdir(join(dir, 'a.duckdb.tmp')).catch(() => [])) spilled.add(file);

  expect(await asking).toEqual([
    {
      'count_distinct(event_id)': ROWS,
      'count_distinct(trace_id)': ROWS,
      'sum(distance)': (ROWS * (ROWS - 1)) / 2,
      count: ROWS,
    },
  ]);
  expect(spilled.size).toBeGreaterThan(0);
});
