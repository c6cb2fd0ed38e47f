import { DuckDBInstance } from '@duckdb/node-api';
import { avscType } from '@millrace/core/schema/avsc-type';
import { compileFromJson, type Value } from '@millrace/core/schema/from-json';
import { parseStream } from '@millrace/core/schema/parse-stream';
import type { Stream } from '@millrace/core/schema/stream';
import { createReaderPool, type ReaderPool } from '../ask/reader-pool.ts';
import { answerQuestion, type Counted, type Row } from '../stats/answer-question.ts';
import { parseQuestion } from '../stats/parse-question.ts';
import { columnType } from '../store/column-type.ts';
import { createTableSql, quote } from '../store/stream-table.ts';
import { compileToDuck } from '../store/to-duck.ts';
import { createRemovalsSql } from '../store/tombstones.ts';

/** Tables of records in memory, for tests of what is answered from them. */
export type InMemory = {
  readonly pool: ReaderPool;
  /** Runs SQL, such as to fill a table with rows. */
  run(sql: string): Promise<void>;
  /** An empty table of the stream. */
  create(stream: Stream): Promise<Counted>;
  /** Adds records as they are posted; what is left out of metadata is made up. */
  fill(history: Counted, records: readonly Value[]): Promise<void>;
  ask(history: Counted, query: string): Promise<readonly Row[]>;
  close(): Promise<void>;
};

const ID = (n: number) => `00000000-0000-4000-8000-${String(n).padStart(12, '0')}`;
const INGESTED_AT = '2026-03-14T07:32:10.001Z';

export async function inMemory(): Promise<InMemory> {
  const instance = await DuckDBInstance.create(':memory:', { threads: '1' });
  const writer = await instance.connect();
  const pool = createReaderPool(() => instance.connect(), { size: 1, maxWaiting: 1_000, budgetMs: 60_000 });
  const counts = new Map<string, bigint>();
  let tables = 0;

  return {
    pool,
    async run(sql) {
      await writer.run(sql);
    },
    async create(stream) {
      tables += 1;
      const table = `${stream.table}$${tables}`;
      await writer.run(createTableSql(table, stream));
      await writer.run(createRemovalsSql(table, stream));
      counts.set(table, 0n);
      return { table: { stream, epoch: 0, table }, count: () => counts.get(table) ?? 0n };
    },
    async fill({ table: { stream, table } }, records) {
      const type = avscType(stream.avro);
      const fromJson = compileFromJson(stream.fields);
      const steps = stream.fields.map((field) => ({ field, toDuck: compileToDuck(field.type) }));
      const names = steps.map((_, index) => `$field${index}`);
      const insert = `INSERT INTO ${quote(table)} VALUES ($position, 0, $position, make_timestamp($position::BIGINT * 1000), ${names.join(', ')})`;
      for (const record of records) {
        const position = counts.get(table) ?? 0n;
        const metadata = { event_id: ID(Number(position)), trace_id: 't', source: 'test', ingested_at: INGESTED_AT };
        const value = type.fromBuffer(type.toBuffer(fromJson({ ...metadata, ...record })));
        const entries = steps.map(({ field, toDuck }, index) => [`field${index}`, toDuck(value[field.name])]);
        const types = steps.map(({ field }, index) => [`field${index}`, columnType(field.type)]);
        await writer.run(insert, Object.fromEntries([['position', position], ...entries]), Object.fromEntries(types));
        counts.set(table, position + 1n);
      }
    },
    async ask(history, query) {
      const { stream } = history.table;
      const question = parseQuestion([stream], new URLSearchParams(`stream=${stream.name}&${query}`));
      return (await answerQuestion(pool, question, history)).rows;
    },
    async close() {
      await pool.close();
      writer.closeSync();
      instance.closeSync();
    },
  };
}

/** A stream of a record with these fields. */
export const streamOf = (name: string, fields: readonly unknown[], block: object = {}): Stream =>
  parseStream(`${name}.avsc`, JSON.stringify({ type: 'record', name: 'Tested', stream: block, fields }));
