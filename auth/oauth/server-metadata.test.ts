import { expect, it } from 'vitest';
import { serverMetadata } from './server-metadata.ts';

it('the metadata has what RFC 8414 requires, with every address below the issuer', () => {
  const metadata = serverMetadata('https://id.example/auth');

  expect(metadata).toMatchObject({
    issuer: 'https://id.example/auth',
    token_endpoint: 'https://id.example/auth/token',
    jwks_uri: 'https://id.example/auth/.well-known/jwks.json',
    response_types_supported: [],
    grant_types_supported: ['password', 'client_credentials', 'refresh_token'],
  });
  expect(metadata.scopes_supported).toEqual(['ingest', 'read', 'sync', 'rules', 'admin', 'read:own']);
});
