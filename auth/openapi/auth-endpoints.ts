import { type Endpoint, jsonResponse, type Operation, schemaRef } from '@millrace/core/openapi/document';
import { serverMetadata } from '../oauth/server-metadata.ts';
import { grantTypes } from '../oauth/token-request.ts';
import { formOrJson, refusals } from './oauth-bodies.ts';
import { exampleKey } from './oauth-schemas.ts';

const TAGS = ['tokens'];
const DEFAULT_ISSUER = 'http://127.0.0.1:8086';
/** What reading a body, the throttle and the database may answer. */
const PROBLEMS = [
  ...(['malformed-json', 'malformed-body', 'request-aborted', 'body-too-large', 'unsupported-media-type'] as const),
  ...(['saturated', 'database-unavailable'] as const),
];
const REFRESH_TOKEN = 'v6mRkzUJ7sYhQWcDqgJmC1b0cVvJZ1hYB2uQX4nT9eE';

const text = (description: string) => ({ type: 'string', description });
const client = {
  client_id: text('The client, where no Authorization header names it.'),
  client_secret: text('Its secret.'),
};
const token = { token: { ...text('The token.'), minLength: 1 } };
const answered = { 'cache-control': { description: 'Always `no-store`.', schema: { type: 'string' } } };
const scopeOfRequest = text(
  'Scopes with spaces between, all held: `ingest`, `read`, `sync`, `rules`, `admin`, each also for one stream as in ' +
    '`ingest:running`, and `read:own`. Without it, all that are held.',
);

const tokenOperation: Operation = {
  operationId: 'issueToken',
  summary: 'Get an access token, and a refresh token for the next one.',
  description:
    'RFC 6749. `password` needs no client, `client_credentials` needs one, `refresh_token` the client that its token was issued to, if ' +
    'any. A client gives its id and secret in a Basic header, each form-encoded, or in the body. An access token holds 15 minutes, a ' +
    'refresh token 30 days. A refresh token is used once: the same client gets the same successor for 10 seconds, and a later use ends ' +
    'all tokens that followed from its grant.',
  tags: TAGS,
  requestBody: formOrJson(
    {
      grant_type: { type: 'string', enum: grantTypes, description: 'What the token is asked by.' },
      username: text('With `password`.'),
      password: text('With `password`.'),
      refresh_token: text('With `refresh_token`.'),
      scope: scopeOfRequest,
      ...client,
    },
    ['grant_type'],
    { grant_type: 'password', username: 'relay', password: 'a password', scope: 'ingest:relay-messages' },
  ),
  responses: {
    200: withNoStore(
      jsonResponse('The tokens.', schemaRef('TokenAnswer'), {
        ...{ access_token: 'eyJhbGciOiJFZERTQSJ9.e30.c2lnbmF0dXJl', token_type: 'Bearer', expires_in: 900 },
        ...{ refresh_token: REFRESH_TOKEN, scope: 'ingest:relay-messages' },
      }),
    ),
    ...refusals(
      ...(['invalid_request', 'invalid_grant', 'invalid_scope', 'unsupported_grant_type'] as const),
      ...(['invalid_client', 'slow_down'] as const),
    ),
  },
  problems: PROBLEMS,
};

const revokeOperation: Operation = {
  operationId: 'revokeToken',
  summary: 'End a refresh token, and all that followed from its grant.',
  description:
    'RFC 7009. The client that the token was issued to authenticates itself; a user’s own token needs none. An unknown token is answered ' +
    '200 too. An access token can not be revoked: it ends within 15 minutes.',
  tags: TAGS,
  requestBody: formOrJson({ ...token, ...client }, ['token'], { token: REFRESH_TOKEN }),
  responses: {
    200: { description: 'The token does not work, if it ever did.', headers: answered },
    ...refusals('invalid_request', 'invalid_grant', 'unsupported_token_type', 'invalid_client', 'slow_down'),
  },
  problems: PROBLEMS,
};

const introspectOperation: Operation = {
  operationId: 'introspectToken',
  summary: 'What a token is, and whether it works.',
  description:
    'RFC 7662. For clients with the scope `admin`, by their secret or by an access token with it. `{"active": false}` for a token that is ' +
    'unknown, used, revoked or has ended.',
  tags: TAGS,
  requestBody: formOrJson({ ...token, ...client }, ['token'], { token: REFRESH_TOKEN }),
  responses: {
    200: withNoStore(
      jsonResponse('The token.', schemaRef('Introspection'), {
        ...{ active: true, sub: 'relay', client_id: 'relay', scope: 'ingest:relay-messages' },
        ...{ iat: 1_795_780_000, exp: 1_798_372_000 },
      }),
    ),
    ...refusals('invalid_request', 'invalid_client', 'invalid_token', 'insufficient_scope', 'slow_down'),
  },
  problems: PROBLEMS,
};

function withNoStore(response: Operation['responses'][string]) {
  return { ...response, headers: { ...response.headers, ...answered } };
}

const get = (operation: Omit<Operation, 'tags'>): Pick<Endpoint, 'method' | 'access' | 'operation'> => ({
  method: 'get',
  access: 'public',
  operation: { ...operation, tags: TAGS },
});

/** Tokens, and what is needed to check them. The routes authenticate their clients themselves. */
export const authEndpoints = (): Endpoint[] => [
  { path: '/token', method: 'post', access: 'public', operation: tokenOperation },
  { path: '/revoke', method: 'post', access: 'public', operation: revokeOperation },
  { path: '/introspect', method: 'post', access: 'public', operation: introspectOperation },
  {
    path: '/.well-known/oauth-authorization-server',
    ...get({
      operationId: 'getServerMetadata',
      summary: 'Where tokens are issued, and how (RFC 8414).',
      responses: { 200: jsonResponse('The metadata.', schemaRef('ServerMetadata'), serverMetadata(DEFAULT_ISSUER)) },
      problems: [],
    }),
  },
  {
    path: '/.well-known/jwks.json',
    ...get({
      operationId: 'getKeys',
      summary: 'The keys that access tokens are signed with (RFC 7517).',
      description: 'A retired key stays until the last token that it signed has ended.',
      responses: {
        200: jsonResponse('The keys, the one that signs first.', schemaRef('KeySet'), { keys: [exampleKey] }),
      },
      problems: ['database-unavailable'],
    }),
  },
];
