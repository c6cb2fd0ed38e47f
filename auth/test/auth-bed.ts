import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { type Database, openDatabase } from '@millrace/core/database/open-database';
import { type RunningService, type StartOptions, serviceMain, startService } from '@millrace/testing/start-service';
import { createTestDatabase } from '@millrace/testing/test-names';

type Settings = Readonly<Record<string, string>>;

export type AuthBed = {
  readonly db: Database;
  /** The settings of every auth of this bed. */
  readonly env: Settings;
  /** Starts an auth on a free port. It ends with the bed. */
  start(env?: Settings, options?: StartOptions): Promise<RunningService>;
  close(): Promise<void>;
};

export const ISSUER = 'http://auth.test';
export const SECRETS_KEY = 'the-key-of-the-tests-0123456789';

/** Clients and users that a test may be. Their secrets are their names, twice. */
const accounts = {
  clients: [
    { client_id: 'watch', client_secret: 'watch-watch', scopes: 'ingest:running read' },
    { client_id: 'other', client_secret: 'other-other', scopes: ['ingest'] },
    { client_id: 'boss', client_secret: 'boss-boss', scopes: 'admin read', subject: 'the-boss' },
  ],
  users: [{ username: 'ann', password: 'ann-ann-ann', scopes: 'read:own ingest', subject: 'user-1' }],
};

/** An empty database, and auths on it that know nothing but what a test gives. */
export async function openAuthBed({ databaseUrl }: { readonly databaseUrl: string }): Promise<AuthBed> {
  const database = await createTestDatabase(databaseUrl);
  const db = openDatabase(database.url);
  const dir = await mkdtemp(join(tmpdir(), 'millrace-auth-'));
  const running: RunningService[] = [];
  const env = {
    ...{ AUTH_PORT: '0', DATABASE_URL: database.url, DATA_DIR: dir, AUTH_URL: ISSUER, SECRETS_KEY },
    ...{ AUTH_CLIENTS: JSON.stringify(accounts), AUTH_AUDIENCE: 'tests' },
  };
  return {
    ...{ db, env },
    async start(more = {}, options = {}) {
      const service = await startService(serviceMain('auth'), { ...env, ...more }, options);
      running.push(service);
      return service;
    },
    async close() {
      await Promise.all(running.map((service) => service.kill()));
      await db.close();
      await database.close();
      await rm(dir, { recursive: true });
    },
  };
}
