import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { readServiceConfig } from '@millrace/core/config/read-config';
import { problemOf } from '@millrace/core/problem/problem-of';
import { describe, expect, it, onTestFinished } from 'vitest';
import { authSettings } from './settings.ts';

const read = (env: Record<string, string>) => readServiceConfig(env, authSettings).settings;

function faultsOf(env: Record<string, string>) {
  try {
    read(env);
  } catch (error) {
    return problemOf(error).errors;
  }
  return [];
}

const accounts = {
  clients: [{ client_id: 'watch', client_secret: 'watch-secret', scopes: 'ingest:running  read' }],
  users: [{ username: 'ann', password: 'her-password', scopes: ['read:own'], subject: 'user-1' }],
};
const parsed = [
  { kind: 'client', name: 'watch', secret: 'watch-secret', subject: 'watch', scopes: ['ingest:running', 'read'] },
  { kind: 'user', name: 'ann', secret: 'her-password', subject: 'user-1', scopes: ['read:own'] },
];

describe('the settings of auth', () => {
  it('have defaults', () => {
    expect(read({})).toEqual({
      ...{ SECRETS_KEY: '', AUTH_KEY_DAYS: 30, AUTH_CLIENTS: [], AUTH_TRUST_PROXY: 0 },
      ...{ RELAY_USERNAME: '', RELAY_PASSWORD: '' },
    });
  });

  it('read clients and users from JSON, and from a file', async () => {
    const dir = await mkdtemp(join(tmpdir(), 'millrace-auth-'));
    onTestFinished(() => rm(dir, { recursive: true }));
    const file = join(dir, 'accounts.json');
    await writeFile(file, JSON.stringify(accounts));

    expect(read({ AUTH_CLIENTS: JSON.stringify(accounts) }).AUTH_CLIENTS).toEqual(parsed);
    expect(read({ AUTH_CLIENTS: file }).AUTH_CLIENTS).toEqual(parsed);
    expect(read({ AUTH_CLIENTS: '{}' }).AUTH_CLIENTS).toEqual([]);
  });

  it('name every fault at once, and repeat no value', () => {
    const AUTH_CLIENTS = JSON.stringify({
      clients: [
        { client_id: 'a b', client_secret: 'hunter2', scopes: 'read write' },
        { client_id: 'watch', scopes: [], hunter2: 1 },
      ],
      users: [{ username: 'ann', password: 12_345_678, scopes: 7 }],
    });

    const faults = faultsOf({ AUTH_CLIENTS, SECRETS_KEY: 'hunter2', AUTH_KEY_DAYS: '0' });

    expect(faults.map(({ pointer }) => pointer).toSorted()).toEqual([
      '/AUTH_CLIENTS/clients/0/client_id',
      '/AUTH_CLIENTS/clients/0/client_secret',
      '/AUTH_CLIENTS/clients/0/scopes',
      '/AUTH_CLIENTS/clients/1',
      '/AUTH_CLIENTS/clients/1/client_secret',
      '/AUTH_CLIENTS/clients/1/scopes',
      '/AUTH_CLIENTS/users/0/password',
      '/AUTH_CLIENTS/users/0/scopes',
      '/AUTH_KEY_DAYS',
      '/SECRETS_KEY',
    ]);
    expect(JSON.stringify(faults)).not.toMatch(/hunter2|12345678|a b/);
  });

  it.each(['{"clients": [{"client_secret": "hunter2', '/nowhere/hunter.json', '[]', '/dev/null'])(
    'refuse %j as accounts in one line',
    (AUTH_CLIENTS) => {
      const faults = faultsOf({ AUTH_CLIENTS });

      expect(faults).toEqual([
        { pointer: '/AUTH_CLIENTS', message: expect.stringMatching(/^must be a JSON object or the path of a file/) },
      ]);
      expect(JSON.stringify(faults)).not.toContain('hunter2');
    },
  );

  it('have each name once, and the relay’s name with its password', () => {
    const [client] = accounts.clients;

    expect(faultsOf({ AUTH_CLIENTS: JSON.stringify({ clients: [client, client] }) })).toMatchObject([
      { pointer: '/AUTH_CLIENTS/clients', message: 'must have each client_id once' },
    ]);
    expect(faultsOf({ RELAY_USERNAME: 'r' })).toMatchObject([{ pointer: '/RELAY_PASSWORD' }]);
    expect(read({ RELAY_USERNAME: 'r', RELAY_PASSWORD: 'p' }).RELAY_PASSWORD).toBe('p');
  });
});
