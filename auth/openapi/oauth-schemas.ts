import type { Schemas } from '@millrace/core/openapi/document';
import { oauthErrors } from '../oauth/oauth-error.ts';
import { serverMetadata } from '../oauth/server-metadata.ts';

const string = { type: 'string' };
const integer = { type: 'integer' };
const strings = { type: 'array', items: string };
const url = { type: 'string', format: 'uri' };

export const exampleKey = {
  ...{ kty: 'OKP', crv: 'Ed25519', x: '11qYAYKxCrfVS_7TyWQHOg7hcvPapiMlrwIaaPcHURo' },
  ...{ kid: 'kPrK_qmxVWaYVA9wwBF6Iuo3vVzz7TxHCTwXBygrS4k', alg: 'EdDSA', use: 'sig' },
};

const metadataProperties = Object.fromEntries(
  Object.entries(serverMetadata('')).map(([name, value]) => [name, Array.isArray(value) ? strings : url]),
);

/** What auth's routes answer with. */
export const oauthSchemas: Schemas = {
  TokenAnswer: {
    type: 'object',
    description: 'An access token and the refresh token for the next one (RFC 6749, section 5.1).',
    properties: {
      access_token: { type: 'string', description: 'A JWT signed with EdDSA (RFC 9068).' },
      token_type: { type: 'string', const: 'Bearer' },
      expires_in: { type: 'integer', description: 'Seconds until the access token ends.' },
      refresh_token: { type: 'string', description: 'To be used once.' },
      scope: { type: 'string', description: 'What the access token allows, with spaces between.' },
    },
    required: ['access_token', 'token_type', 'expires_in', 'refresh_token', 'scope'],
  },
  OauthError: {
    type: 'object',
    description: 'Why a request was refused (RFC 6749, section 5.2).',
    properties: { error: { type: 'string', enum: Object.keys(oauthErrors) }, error_description: string },
    required: ['error', 'error_description'],
  },
  Introspection: {
    type: 'object',
    description:
      'A token that works, or `{"active": false}` (RFC 7662, section 2.2). `iss`, `aud`, `jti` and `token_type` are access tokens’.',
    properties: {
      ...{ active: { type: 'boolean' }, token_type: string, iss: string, aud: string, sub: string, client_id: string },
      ...{ scope: string, jti: string, iat: integer, exp: integer },
    },
    required: ['active'],
  },
  ServerMetadata: {
    type: 'object',
    description: 'What OAuth clients ask an authorization server for (RFC 8414).',
    properties: metadataProperties,
    required: Object.keys(metadataProperties),
  },
  KeySet: {
    type: 'object',
    description: 'Public keys (RFC 7517, 8037).',
    properties: {
      keys: {
        type: 'array',
        items: {
          type: 'object',
          properties: Object.fromEntries(Object.keys(exampleKey).map((name) => [name, string])),
          required: Object.keys(exampleKey),
        },
      },
    },
    required: ['keys'],
  },
};
