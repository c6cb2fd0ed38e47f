import { setTimeout as pause } from 'node:timers/promises';
import { selectRows } from '@millrace/core/database/run-sql';
import { startLocalStack } from '@millrace/stack/harness/local-stack';
import type { RunningService } from '@millrace/testing/start-service';
import { waitUntil } from '@millrace/testing/wait-until';
import { seededRandom } from './seeded-random.ts';
import { songSchema, songs } from './songs.ts';
import { openTestBed } from './test-bed.ts';

/**
 * Strikes storage, the broker and the database in a random order under load, for MINUTES; then compares what Kafka
 * acknowledged with what MySQL holds. The same SEED strikes in the same order. Ends with 1 when an event is missing or twice.
 */
const minutes = Number(process.env.MINUTES || 2);
const seed = Number(process.env.SEED || 1);
const random = seededRandom(seed);
const say = (line: string) => process.stdout.write(`${new Date().toISOString().slice(11, 19)} ${line}\n`);

const stack = await startLocalStack(process.env);
const bed = await openTestBed(stack, { song: songSchema });
const { table } = bed.stream('song');
const replicas: RunningService[] = [await bed.startStorage(), await bed.startStorage()];
const until = Date.now() + minutes * 60_000;
const acknowledged: string[] = [];

const { parts } = stack;
if (!parts) throw new Error('this stack has no parts to strike');
const someReplica = () => replicas[Math.floor(random() * replicas.length)];
const briefly = () => pause(500 + random() * 4_000);
const faults: Readonly<Record<string, () => Promise<void>>> = {
  'a storage is killed and started again': async () => {
    const index = Math.floor(random() * replicas.length);
    await replicas[index]?.kill('SIGKILL');
    replicas[index] = await bed.startStorage();
  },
  'a storage hangs beyond its session': async () => {
    const hung = someReplica();
    await hung?.kill('SIGSTOP');
    await pause(12_000);
    await hung?.kill('SIGCONT');
  },
  'the database is killed': async () => {
    await parts.mariadb.kill();
    await briefly();
    await parts.mariadb.start();
  },
  'the database hangs': async () => {
    await parts.mariadb.pause();
    await briefly();
    await parts.mariadb.resume();
  },
  'the broker is killed': async () => {
    await parts.kafka.kill();
    await briefly();
    await parts.kafka.start();
  },
  'the broker hangs': async () => {
    await parts.kafka.pause();
    await briefly();
    await parts.kafka.resume();
  },
};

/** As an app would: what was not acknowledged is sent again under the same ids. */
async function publishAll(): Promise<void> {
  while (Date.now() < until) {
    const some = songs(500, acknowledged.length);
    await waitUntil(
      () => bed.publish('song', some).catch(() => undefined),
      (answer) => answer !== undefined,
      { withinMs: 300_000 },
    );
    acknowledged.push(...some.map(({ event_id }) => event_id));
    await pause(20);
  }
}

async function strikeAll(): Promise<void> {
  const names = Object.keys(faults);
  while (Date.now() < until) {
    const name = names[Math.floor(random() * names.length)] ?? '';
    say(`${name}; ${acknowledged.length} events acknowledged`);
    await faults[name]?.();
    await briefly();
  }
}

say(`striking for ${minutes} minutes, SEED=${seed}`);
await Promise.all([publishAll(), strikeAll()]);
async function storedIds() {
  const rows = await selectRows<{ event_id: string }>(bed.db, `SELECT event_id FROM \`${table}\``);
  return rows.map(({ event_id }) => event_id);
}
const expected = new Set(acknowledged);
const stored = await waitUntil(
  () => storedIds().catch(() => []),
  (ids) => ids.length >= expected.size,
  { withinMs: 120_000, everyMs: 500 },
).catch(storedIds);
const held = new Set(stored);
const missing = [...expected].filter((id) => !held.has(id)).length;
const extra = stored.length - held.size + stored.filter((id) => !expected.has(id)).length;
say(`${expected.size} acknowledged, ${stored.length} stored, ${missing} missing, ${extra} that should not be there`);
await bed.close();
await stack.close();
process.exit(missing + extra === 0 ? 0 : 1);
