import { readServiceConfig } from '@millrace/core/config/read-config';
import { expect, it } from 'vitest';
import { authSettings } from '../settings.ts';
import { firstAccounts } from './first-accounts.ts';

const made = {
  ...{ users: { relay: 'made-for-relay', ann: 'another' }, clients: { admin: 'made-for-admin' }, secrets_key: 'key' },
  mysql: { root: 'root-password', millrace: 'its-password' },
};
const accountsOf = (env: Record<string, string>, credentials?: typeof made) =>
  firstAccounts(readServiceConfig(env, authSettings).settings, credentials).map(
    ({ kind, name, secret, scopes }) => `${kind} ${name} ${secret} ${scopes}`,
  );

it('the accounts to begin with are those that make up made, the relay’s, and those of AUTH_CLIENTS, the last winning', () => {
  const relay = { RELAY_USERNAME: 'vendor', RELAY_PASSWORD: 'vendors' };
  const admin = { client_id: 'admin', client_secret: 'given-secret', scopes: 'admin' };

  expect(accountsOf({})).toEqual([]);
  expect(accountsOf(relay, made)).toEqual([
    'user relay made-for-relay ingest:relay-messages,read:relay-messages',
    'client admin made-for-admin ingest,read,sync,rules,admin',
    'user vendor vendors ingest:relay-messages,read:relay-messages',
  ]);
  expect(accountsOf({ AUTH_CLIENTS: JSON.stringify({ clients: [admin] }) }, made)).toContain(
    'client admin given-secret admin',
  );
});
