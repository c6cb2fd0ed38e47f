import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { text } from 'node:stream/consumers';
import { freePort } from '@millrace/stack/parts/free-port';
import { createTestDatabase } from '@millrace/testing/test-names';
import { waitUntil } from '@millrace/testing/wait-until';
import { openWorld, type World } from '@millrace/testing/world';
import { afterAll, beforeAll, describe, expect, inject, it, onTestFinished } from 'vitest';

let database: Awaited<ReturnType<typeof createTestDatabase>>;
let world: World;
let settings: Readonly<Record<string, string>>;
const account = { RELAY_USERNAME: 'vendor', RELAY_PASSWORD: 'the-password-canary' };

beforeAll(async () => {
  database = await createTestDatabase(inject('stack').databaseUrl);
  const authUrl = `http://127.0.0.1:${await freePort()}`;
  const env = { ...account, AUTH_PORT: new URL(authUrl).port, AUTH_URL: authUrl };
  world = await openWorld({ ...inject('stack'), databaseUrl: database.url }, { schemas: 'shipped', env });
  const [receiver] = await Promise.all([world.start('receiver'), world.start('auth')]);
  const urls = {
    RELAY_TOKEN_URL: `${authUrl}/token`,
    RELAY_URL: receiver.url + world.stream('relay/relay-messages').path,
  };
  settings = {
    ...account,
    ...urls,
    RELAY_INTERVAL_SECONDS: '0.05',
    RELAY_FILE: join(world.schemasDir, '..', 'objects.json'),
  };
});
afterAll(async () => {
  await world.close();
  await database.close();
});

function start(env: Readonly<Record<string, string>>) {
  const main = join(import.meta.dirname, '..', 'relay', 'main.ts');
  const child = spawn(process.execPath, ['--conditions=source', '--import', 'tsx', main], {
    env: { ...process.env, ...settings, ...env },
    stdio: ['ignore', 'pipe', 'pipe'],
  });
  const said = Promise.all([text(child.stdout), text(child.stderr)]).then((both) => both.join(''));
  const ended = once(child, 'exit').then(([code]: (number | null)[]) => code ?? null);
  onTestFinished(() => void child.kill('SIGKILL'));
  return { child, said, ended };
}

describe('npm run relay', () => {
  it('brings objects of its file through auth and the receiver to Kafka, and ends when it is asked to', async () => {
    const objects = ['door.opened', 'door.closed'].map((type) => ({
      type,
      sent_at: '2026-03-14T07:30:00Z',
      payload: { badge: '1' },
    }));
    await writeFile(settings.RELAY_FILE ?? '', JSON.stringify(objects));
    const relay = start({});

    const records = await waitUntil(
      () => world.read('relay/relay-messages'),
      (now) => now.length >= 5,
    );
    relay.child.kill('SIGTERM');

    expect(await relay.ended).toBe(0);
    expect(await relay.said).not.toContain('canary');
    for (const { value } of records) {
      expect(['door.opened', 'door.closed']).toContain(value?.type);
      expect(value?.source).toBe('vendor');
    }
  });

  it('refuses a bad file at its start, with the place of the fault', async () => {
    await writeFile(settings.RELAY_FILE ?? '', '[{"type": "a"},\n {"type": b}]');
    const relay = start({});

    expect(await relay.ended).toBe(1);
    expect(await relay.said).toMatch(
      /^relay cannot start: RELAY_FILE \S+objects\.json: is not JSON at line 2, column 11\n$/,
    );
  });
});
