import type { RunningService } from '@millrace/testing/start-service';
import { createRemoteJWKSet, jwtVerify } from 'jose';
import { afterAll, beforeAll, describe, expect, inject, it } from 'vitest';
import { ann, basic, clients, post, refusal, tokensOf } from './ask-auth.ts';
import { type AuthBed, ISSUER, openAuthBed } from './auth-bed.ts';

let bed: AuthBed;
let auth: RunningService;

beforeAll(async () => {
  bed = await openAuthBed(inject('stack'));
  auth = await bed.start();
});
afterAll(() => bed.close());

const keys = () => createRemoteJWKSet(new URL(`${auth.url}/.well-known/jwks.json`));
const verified = (token: string) =>
  jwtVerify(token, keys(), { issuer: ISSUER, audience: 'tests', typ: 'at+jwt', algorithms: ['EdDSA'] });
const ask = (fields: Readonly<Record<string, string>>, headers = {}) => post(auth.url, '/token', fields, headers);

describe('POST /token', () => {
  it('gives a user tokens for a password, without a client', async () => {
    const { status, headers, body } = await ask(ann);

    expect(status).toBe(200);
    expect(headers.get('cache-control')).toBe('no-store');
    expect(body).toEqual({
      access_token: expect.any(String),
      token_type: 'Bearer',
      expires_in: 900,
      refresh_token: expect.stringMatching(/^[\w-]{43}$/),
      scope: 'read:own ingest',
    });
    const { payload, protectedHeader } = await verified((await tokensOf(auth.url, ann)).access_token);
    expect(protectedHeader).toEqual({ alg: 'EdDSA', typ: 'at+jwt', kid: expect.stringMatching(/^[\w-]{43}$/) });
    expect(payload).toEqual({
      ...{ iss: ISSUER, aud: 'tests', sub: 'user-1', client_id: 'ann', scope: 'read:own ingest' },
      ...{ jti: expect.any(String), iat: expect.any(Number), exp: Number(payload.iat) + 900 },
    });
  });

  it('gives a client tokens, authenticated by header or body, from a form or JSON', async () => {
    const fields = {
      grant_type: 'client_credentials',
      client_id: 'boss',
      client_secret: 'boss-boss',
      scope: 'read:music',
    };
    const json = await fetch(`${auth.url}/token`, {
      method: 'POST',
      headers: { 'content-type': 'application/json' },
      body: JSON.stringify(fields),
    });

    const byHeader = await tokensOf(auth.url, { grant_type: 'client_credentials' }, clients.boss);

    expect((await verified(byHeader.access_token)).payload).toMatchObject({
      ...{ sub: 'the-boss', client_id: 'boss', scope: 'admin read' },
    });
    expect((await tokensOf(auth.url, fields)).scope).toBe('read:music');
    expect(await json.json()).toMatchObject({ token_type: 'Bearer', scope: 'read:music' });
  });

  it('gives a user tokens through a client, for what both may do', async () => {
    const given = await tokensOf(auth.url, ann, clients.other);

    expect((await verified(given.access_token)).payload).toMatchObject({
      ...{ sub: 'user-1', client_id: 'other', scope: 'ingest' },
    });
    expect(await ask({ ...ann, scope: 'read:own' }, clients.other)).toMatchObject(refusal(400, 'invalid_scope'));
  });

  it.each([
    ['a wrong password', { ...ann, password: 'wrong' }, {}, 400, 'invalid_grant'],
    ['an unknown user', { ...ann, username: 'nobody' }, {}, 400, 'invalid_grant'],
    ['a client as a user', { ...ann, username: 'watch', password: 'watch-watch' }, {}, 400, 'invalid_grant'],
    ['a name that nobody can have', { ...ann, username: 'ann ' }, {}, 400, 'invalid_grant'],
    ['a name beyond ASCII', { ...ann, username: 'änn\u0000' }, {}, 400, 'invalid_grant'],
    ['no client', { grant_type: 'client_credentials' }, {}, 401, 'invalid_client'],
    ['a wrong secret', { grant_type: 'client_credentials' }, basic('watch', 'wrong'), 401, 'invalid_client'],
    ['an unknown client', { grant_type: 'client_credentials' }, basic('nobody', 'x'), 401, 'invalid_client'],
    ['a user as a client', { grant_type: 'client_credentials' }, basic('ann', 'ann-ann-ann'), 401, 'invalid_client'],
    ['a wrong client with a right password', ann, basic('watch', 'wrong'), 401, 'invalid_client'],
    ['another scheme', ann, { authorization: 'Bearer abc' }, 401, 'invalid_client'],
    ['too much', { ...ann, scope: 'admin' }, {}, 400, 'invalid_scope'],
    ['an unknown scope', { ...ann, scope: 'everything' }, {}, 400, 'invalid_scope'],
    ['another grant', { grant_type: 'implicit' }, {}, 400, 'unsupported_grant_type'],
    ['nothing', {}, {}, 400, 'invalid_request'],
    ['too little', { grant_type: 'password' }, {}, 400, 'invalid_request'],
  ])('refuses %s', async (_, fields, headers, status, error) => {
    const answer = await ask(fields, headers);

    expect(answer).toMatchObject(refusal(status, error));
    expect(answer.headers.get('cache-control')).toBe('no-store');
    expect(answer.headers.get('www-authenticate')).toBe(
      status === 401 ? 'Basic realm="millrace", charset="UTF-8"' : null,
    );
  });

  it('answers what it cannot read with a problem', async () => {
    const send = async (type: string, body: string) => {
      const response = await fetch(`${auth.url}/token`, { method: 'POST', headers: { 'content-type': type }, body });
      return [response.status, await response.json()];
    };

    expect(await send('text/plain', 'x')).toMatchObject([415, { code: 'unsupported-media-type' }]);
    expect(await send('application/json', '{')).toMatchObject([400, { code: 'malformed-json' }]);
    expect(JSON.stringify(await send('application/json', '{"password": canary'))).not.toContain('canary');
    expect(await send('application/json', `{"a":"${'x'.repeat(20_000)}"}`)).toMatchObject([
      413,
      { code: 'body-too-large' },
    ]);
    expect(await send('application/json', '[1]')).toMatchObject([400, { error: 'invalid_request' }]);
  });
});

describe('the metadata', () => {
  it('names what is served', async () => {
    const metadata: unknown = await (await fetch(`${auth.url}/.well-known/oauth-authorization-server`)).json();

    expect(metadata).toMatchObject({ issuer: ISSUER, token_endpoint: `${ISSUER}/token`, response_types_supported: [] });
  });
});

describe('a log', () => {
  it('holds no secret and no token, at any level', async () => {
    const loud = await bed.start({ LOG_LEVEL: 'trace' });
    const given = await tokensOf(loud.url, ann);
    await post(loud.url, '/token', { ...ann, password: 'canary-password' });
    await post(loud.url, '/token', { grant_type: 'client_credentials' }, basic('watch', 'canary-secret'));
    await post(loud.url, '/introspect', { token: given.access_token }, clients.boss);

    const log = JSON.stringify(loud.lines);

    expect(loud.lines.length).toBeGreaterThan(5);
    for (const secret of ['canary', 'ann-ann-ann', 'boss-boss', given.access_token, given.refresh_token, 'PRIVATE'])
      expect(log).not.toContain(secret);
  });
});

describe('metrics', () => {
  it('count tokens by grant, refusals by reason, and keys', async () => {
    const text = await (await fetch(`${auth.url}/metrics`)).text();

    expect(text).toMatch(/^millrace_auth_tokens_issued_total\{grant="password".*\} [1-9]/m);
    expect(text).toMatch(/^millrace_auth_refused_total\{reason="invalid_grant".*\} [1-9]/m);
    expect(text).toMatch(/^millrace_auth_keys\{.*\} 1$/m);
  });
});
