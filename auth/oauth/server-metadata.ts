import { readOwn, scopes } from '@millrace/core/access/scopes';
import { grantTypes } from './token-request.ts';

const authMethods = ['client_secret_basic', 'client_secret_post'];

/** RFC 8414. `none` is for users' own tokens, which need no client. The scopes are those without a stream, each also given for one. */
export const serverMetadata = (issuer: string) => ({
  issuer,
  token_endpoint: `${issuer}/token`,
  revocation_endpoint: `${issuer}/revoke`,
  introspection_endpoint: `${issuer}/introspect`,
  jwks_uri: `${issuer}/.well-known/jwks.json`,
  scopes_supported: [...scopes, readOwn],
  response_types_supported: [],
  grant_types_supported: grantTypes,
  token_endpoint_auth_methods_supported: [...authMethods, 'none'],
  revocation_endpoint_auth_methods_supported: [...authMethods, 'none'],
  introspection_endpoint_auth_methods_supported: authMethods,
});
