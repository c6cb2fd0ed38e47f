import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { join } from 'node:path';
import { text } from 'node:stream/consumers';
import { migrate } from '@millrace/core/database/migrate';
import { openDatabase } from '@millrace/core/database/open-database';
import { changeRows, selectRows } from '@millrace/core/database/run-sql';
import { capturedLog } from '@millrace/testing/captured-log';
import { createTestDatabase } from '@millrace/testing/test-names';
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, inject, it, onTestFinished } from 'vitest';
import { tokenMigration } from '../blackbaud/token/token-migration.ts';
import { hashOf } from '../blackbaud/token/tokens.ts';
import { openReplica, type ReplicaOptions } from './token-bed.ts';
import { CLIENT, startTokenVendor } from './token-vendor.ts';

const FIRST = 'first-refresh-canary';

let database: Awaited<ReturnType<typeof createTestDatabase>>;
let db: ReturnType<typeof openDatabase>;
let vendor: Awaited<ReturnType<typeof startTokenVendor>>;
let captured: ReturnType<typeof capturedLog>;

beforeAll(async () => {
  database = await createTestDatabase(inject('stack').databaseUrl);
  db = openDatabase(database.url);
  await migrate(db, [tokenMigration]);
});
beforeEach(async () => {
  captured = capturedLog();
  vendor = await startTokenVendor({ grace: false, first: FIRST });
  await db.raw('DELETE FROM sync_blackbaud_tokens');
});
afterEach(() => vendor.close());
afterAll(async () => {
  await db.close();
  await database.close();
});

function replica(more: Partial<ReplicaOptions> = {}) {
  const at = { databaseUrl: database.url, tokenUrl: vendor.url, firstToken: FIRST, log: captured.log };
  const opened = openReplica({ ...at, ...more });
  onTestFinished(() => opened.close());
  return opened.tokens;
}
const expire = () => changeRows(db, 'UPDATE sync_blackbaud_tokens SET refresh_at = UTC_TIMESTAMP(3)');
const age = (days: number) =>
  changeRows(db, `UPDATE sync_blackbaud_tokens SET issued_at = issued_at - INTERVAL ${days} DAY`);

describe('the tokens of Blackbaud', () => {
  it('are refreshed once for two replicas, however slow the vendor', async () => {
    vendor.slow(500);
    const replicas = [replica(), replica(), replica()];

    const tokens = await Promise.all(replicas.flatMap((each) => [each.access(), each.access()]));
    await expire();
    await Promise.all(replicas.map((each) => each.access()));

    expect(new Set(tokens).size).toBe(1);
    expect(vendor.refreshes).toHaveLength(2);
  });

  it('are refreshed after 80 % of their time, or when the vendor refuses one', async () => {
    const tokens = replica();

    const first = await tokens.access();
    expect(await tokens.access()).toBe(first);
    const [row] = await selectRows<{ s: number }>(
      db,
      'SELECT TIMESTAMPDIFF(SECOND, UTC_TIMESTAMP(3), refresh_at) AS s FROM sync_blackbaud_tokens',
    );
    expect(row?.s).toBeGreaterThan(2_860);
    expect(row?.s).toBeLessThanOrEqual(2_880);
    const second = await tokens.renew(first);
    expect(second).not.toBe(first);
    expect(await tokens.renew(first)).toBe(second);
    expect(vendor.accepts(second)).toBe(true);
  });

  it('ask for the refresh token to be preserved until it is old', async () => {
    const tokens = replica({ rotateAfterDays: 180 });

    await tokens.access();
    expect(vendor.current()).toBe(FIRST);
    await age(181);
    await expire();
    await tokens.access();

    expect(vendor.refreshes.map((form) => form.get('preserve_refresh_token'))).toEqual(['true', null]);
    expect(vendor.current()).not.toBe(FIRST);
    expect(await tokens.lastDay()).toBe(new Date(Date.now() + 365 * 86_400_000).toISOString().slice(0, 10));
  });

  it.each(['before-call', 'after-call', 'before-commit', 'after-commit'])(
    'lose no login to a kill -9 %s, of a vendor that forgives a lost answer, nor of one that does not',
    async (step) => {
      await vendor.close();
      for (const [grace, rotateAfterDays] of [
        [true, 0],
        [false, 180],
      ] as const) {
        await db.raw('DELETE FROM sync_blackbaud_tokens');
        vendor = await startTokenVendor({ grace, first: FIRST });
        const env = { DATABASE_URL: database.url, TOKEN_URL: vendor.url, FIRST_TOKEN: FIRST };
        const run = (more: Record<string, string>) =>
          runOnce({ ...env, ROTATE_AFTER_DAYS: `${rotateAfterDays}`, ...more });

        expect(await run({ DIE_AT: step })).toEqual({ signal: 'SIGKILL', printed: '' });
        await expire();
        const { printed } = await run({});

        expect(vendor.accepts(printed)).toBe(true);
        await vendor.close();
      }
      vendor = await startTokenVendor({ grace: false, first: FIRST });
    },
  );

  it('are stored also when the connection breaks between the answer and the commit', async () => {
    let breaks = 1;
    const tokens = replica({
      step: async (name) => {
        if (name !== 'before-commit' || breaks-- <= 0) return;
        const own = await selectRows<{ id: number }>(
          db,
          'SELECT id FROM information_schema.processlist WHERE db = DATABASE() AND id <> CONNECTION_ID()',
        );
        for (const { id } of own) await db.raw(`KILL ${id}`).catch(() => undefined);
      },
    });

    const token = await tokens.access();

    expect(vendor.accepts(token)).toBe(true);
    expect(vendor.refreshes).toHaveLength(1);
    await expire();
    expect(vendor.accepts(await tokens.access())).toBe(true);
  });

  it('go back to the previous refresh token once, and then need a login', async () => {
    const tokens = replica();
    await tokens.access();
    vendor.forgetLast();
    await expire();

    expect(vendor.accepts(await tokens.access())).toBe(true);
    vendor.end();
    await expire();
    await expect(tokens.access()).rejects.toMatchObject({
      kind: 'config',
      message: expect.stringContaining('needs_login'),
    });
    const asked = vendor.refreshes.length;
    await expect(tokens.access()).rejects.toThrow('needs_login');
    expect(vendor.refreshes).toHaveLength(asked);
  });

  it('begin again with another token of the settings once the login has ended', async () => {
    const tokens = replica();
    await tokens.access();
    vendor.end();
    await expire();
    await expect(tokens.access()).rejects.toThrow('needs_login');
    await vendor.close();
    vendor = await startTokenVendor({ grace: false, first: 'another-refresh-canary' });

    const again = replica({ firstToken: 'another-refresh-canary' });

    expect(vendor.accepts(await again.access())).toBe(true);
  });

  it('take the second secret of the application where the first is refused', async () => {
    vendor.secrets.clear();
    await expect(replica().access()).rejects.toMatchObject({
      kind: 'config',
      message: expect.stringContaining('not BLACKBAUD_CLIENT_SECRET'),
    });
    vendor.secrets.add(CLIENT.second);

    expect(vendor.accepts(await replica({ secondSecret: CLIENT.second }).access())).toBe(true);
  });

  it('survive an outage of the vendor, which is no reason to log in', async () => {
    const tokens = replica();
    vendor.answer(503);
    await expect(tokens.access()).rejects.toMatchObject({ kind: 'unavailable' });
    vendor.answer(200);

    expect(vendor.accepts(await tokens.access())).toBe(true);
  });

  it('warn of a login that ends within 30 days', async () => {
    const tokens = replica();
    await tokens.access();
    await changeRows(db, 'UPDATE sync_blackbaud_tokens SET ends_at = UTC_TIMESTAMP(3) + INTERVAL 29 DAY');
    await tokens.access();
    await tokens.access();

    expect(captured.lines.filter(({ msg }) => String(msg).includes('ends soon'))).toHaveLength(1);
  });

  it('stand nowhere in clear: not in the database, logs or errors', async () => {
    const tokens = replica();
    await tokens.access();
    await expire();
    await tokens.access();
    const stored = JSON.stringify(await selectRows(db, 'SELECT * FROM sync_blackbaud_tokens'), (_, value: unknown) =>
      typeof value === 'object' &&
      value !== null &&
      'type' in value &&
      value.type === 'Buffer' &&
      'data' in value &&
      Array.isArray(value.data)
        ? Buffer.from(value.data).toString('latin1')
        : value,
    );
    vendor.end();
    await expire();
    const error = await tokens.access().catch((thrown: unknown) => thrown);

    expect(stored).toContain(hashOf(FIRST));
    for (const shown of [stored, JSON.stringify(captured.lines), String(error), JSON.stringify(error)])
      expect(shown).not.toContain('canary');
  });
});

async function runOnce(env: Readonly<Record<string, string>>): Promise<{ signal: string | null; printed: string }> {
  const program = join(import.meta.dirname, 'refresh-once.ts');
  const child = spawn(process.execPath, ['--conditions=source', '--import', 'tsx', program], {
    env: { ...process.env, ...env },
    stdio: ['ignore', 'pipe', 'inherit'],
  });
  const [printed, [, signal]] = await Promise.all([text(child.stdout), once(child, 'exit')]);
  return { signal, printed };
}
