import { scopes } from '@millrace/core/access/scopes';
import type { Credentials } from '@millrace/core/config/credentials';
import type { AuthSettings } from '../settings.ts';
import type { NewAccount } from './account.ts';

const RELAY_SCOPES = ['ingest:relay-messages', 'read:relay-messages'];

const relayUser = (name: string, secret: string): NewAccount => ({
  kind: 'user',
  name,
  secret,
  subject: name,
  scopes: RELAY_SCOPES,
});

/**
 * The accounts that a service has from its start, each once: what `AUTH_CLIENTS` says wins over the relay's user, and that over what
 * `make up` made.
 */
export function firstAccounts(
  { AUTH_CLIENTS, RELAY_USERNAME, RELAY_PASSWORD }: AuthSettings,
  credentials: Credentials | undefined,
): readonly NewAccount[] {
  const { relay } = credentials?.users ?? {};
  const { admin } = credentials?.clients ?? {};
  const all: NewAccount[] = [
    ...(relay === undefined ? [] : [relayUser('relay', relay)]),
    ...(admin === undefined
      ? []
      : [{ kind: 'client', name: 'admin', secret: admin, subject: 'admin', scopes } as const]),
    ...(RELAY_USERNAME === '' ? [] : [relayUser(RELAY_USERNAME, RELAY_PASSWORD)]),
    ...AUTH_CLIENTS,
  ];
  return [...new Map(all.map((account) => [`${account.kind} ${account.name}`, account])).values()];
}
