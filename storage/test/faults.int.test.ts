import { setTimeout as pause } from 'node:timers/promises';
import { selectRows } from '@millrace/core/database/run-sql';
import { startLocalStack } from '@millrace/stack/harness/local-stack';
import type { Stack, StackPart } from '@millrace/stack/harness/stack';
import { waitUntil } from '@millrace/testing/wait-until';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { songSchema, songs } from './songs.ts';
import { openTestBed, type TestBed } from './test-bed.ts';

const ROUND = 4_000;

let stack: Stack;
let bed: TestBed;
let table: string;
let published = 0;

beforeAll(async () => {
  stack = await startLocalStack(process.env);
  bed = await openTestBed(stack, { song: songSchema });
  table = bed.stream('song').table;
  await bed.startStorage();
}, 120_000);
afterAll(async () => {
  await bed.close();
  await stack.close();
}, 120_000);

/** Publishes a round again until Kafka has acknowledged all of it, as an app would: with the same event_ids. */
async function publishUntilAcknowledged(): Promise<string[]> {
  const round = songs(ROUND, published);
  published += ROUND;
  for (let start = 0; start < ROUND; start += 200) {
    const some = round.slice(start, start + 200);
    await waitUntil(
      () => bed.publish('song', some).catch(() => undefined),
      (acknowledged) => acknowledged !== undefined,
      { withinMs: 90_000 },
    );
  }
  return round.map(({ event_id }) => event_id);
}

async function storedIds() {
  const rows = await selectRows<{ event_id: string }>(bed.db, `SELECT event_id FROM \`${table}\``);
  return rows.map(({ event_id }) => event_id).sort();
}

const expected: string[] = [];

const faults: [string, 'kafka' | 'mariadb', (part: StackPart) => Promise<void>][] = [
  [
    'the database is killed and comes back',
    'mariadb',
    async (part) => {
      await part.kill();
      await pause(1_500);
      await part.start();
    },
  ],
  [
    'the database hangs',
    'mariadb',
    async (part) => {
      await part.pause();
      await pause(4_000);
      await part.resume();
    },
  ],
  [
    'the broker is killed and comes back',
    'kafka',
    async (part) => {
      await part.kill();
      await pause(1_500);
      await part.start();
    },
  ],
  [
    'the broker hangs',
    'kafka',
    async (part) => {
      await part.pause();
      await pause(4_000);
      await part.resume();
    },
  ],
];

describe('storage holds every acknowledged event once when', () => {
  it.each(faults)('%s under load', { timeout: 180_000 }, async (_, name, strike) => {
    const part = stack.parts?.[name];
    if (!part) throw new Error('this stack has no parts to strike');
    const publishing = publishUntilAcknowledged();
    await pause(300);

    await strike(part);
    expected.push(...(await publishing));

    const stored = await waitUntil(
      () => storedIds().catch(() => []),
      (ids) => ids.length >= expected.length,
      { withinMs: 90_000, everyMs: 250 },
    );
    expect(stored).toEqual([...expected].sort());
  });
});
