import { randomUUID } from 'node:crypto';
import { changeRows, selectRows } from '@millrace/core/database/run-sql';
import { bytesLiteral } from '@millrace/core/database/sql-literal';
import { avscType } from '@millrace/core/schema/avsc-type';
import { createEncoder } from '@millrace/core/stream/wire-format';
import { waitUntil } from '@millrace/testing/wait-until';
import { afterAll, beforeAll, describe, expect, inject, it } from 'vitest';
import { songSchema, songs } from './songs.ts';
import { countRows } from './stored-rows.ts';
import { openTestBed, type TestBed } from './test-bed.ts';

const DEAD_LETTERS = 20_000;
const STATEMENT_ROWS = 1_000;

let bed: TestBed;
let ids: string[];

beforeAll(async () => {
  bed = await openTestBed(inject('stack'), { song: songSchema });
  await (await bed.startStorage()).kill('SIGTERM');
  ids = await insertDeadLetters();
});
afterAll(() => bed.close());

/** Songs that nothing is wrong with any more. */
async function insertDeadLetters(): Promise<string[]> {
  const { topic, name, avro } = bed.stream('song');
  const encode = createEncoder(avscType(avro), await bed.registry.register(bed.stream('song')));
  const values = songs(DEAD_LETTERS);
  for (let start = 0; start < DEAD_LETTERS; start += STATEMENT_ROWS) {
    const rows = values.slice(start, start + STATEMENT_ROWS).map((value, n) => {
      const event = `'${value.event_id}', ${bytesLiteral(Buffer.from(value.user_id))}, ${bytesLiteral(encode(value))}`;
      return `('${randomUUID()}', '${name}', '${topic}', ${n % 3}, ${start + n}, 'insert', 'refused', 'no', 1, ${event}, '{}', NOW(3), '2026-03-14')`;
    });
    await bed.db.raw(
      `INSERT INTO dead_letters (id, stream, topic, topic_partition, record_offset, stage, code, reason, attempts, event_id, record_key,
        record_value, headers, appended_at, set_aside_at) VALUES ${rows.join(',')}`,
    );
  }
  return values.map((value) => value.event_id);
}

async function progress(id: unknown) {
  const [row] = await selectRows<{ status: string; sent: number }>(
    bed.db,
    `SELECT status, sent FROM redrives WHERE id = '${id}'`,
  );
  return row ?? { status: 'none', sent: 0 };
}

describe('a redrive whose process is killed in the middle', () => {
  it('is taken over, comes to its end, and every dead letter is stored once under its own id', async () => {
    const first = await bed.startStorage();
    const response = await fetch(`${first.url}/dead-letters/redrive`, {
      method: 'POST',
      headers: { 'content-type': 'application/json' },
      body: JSON.stringify({ filter: { code: 'refused', end_timestamp: '2026-03-14T00:00:00.000001Z' } }),
    });
    const { redrive_id: id } = JSON.parse(await response.text());
    await waitUntil(
      () => progress(id),
      ({ sent }) => sent > 0,
      { everyMs: 2 },
    );
    await first.kill('SIGKILL');
    const interrupted = await progress(id);

    await bed.startStorage();
    const finished = await waitUntil(
      () => progress(id),
      ({ status }) => status !== 'running',
      { withinMs: 90_000 },
    );

    expect(interrupted).toMatchObject({ status: 'running' });
    expect(interrupted.sent).toBeLessThan(DEAD_LETTERS);
    expect(finished).toEqual({ status: 'done', sent: DEAD_LETTERS });
    await waitUntil(
      () => countRows(bed.db, bed.stream('song').table),
      (rows) => rows >= DEAD_LETTERS,
      { withinMs: 60_000 },
    );
    const stored = await selectRows<{ event_id: string }>(
      bed.db,
      `SELECT event_id FROM \`${bed.stream('song').table}\``,
    );
    expect(stored.map(({ event_id }) => event_id).sort()).toEqual([...ids].sort());
    expect(await changeRows(bed.db, 'UPDATE dead_letters SET attempts = 9 WHERE redriven_at IS NULL')).toBe(0);
  });
});
