import type { RunningService } from '@millrace/testing/start-service';
import { afterAll, beforeAll, describe, expect, inject, it } from 'vitest';
import { ann, basic, clients, post, refresh, refreshed, refusal, tokensOf } from './ask-auth.ts';
import { type AuthBed, ISSUER, openAuthBed } from './auth-bed.ts';

let bed: AuthBed;
let auth: RunningService;

beforeAll(async () => {
  bed = await openAuthBed(inject('stack'));
  auth = await bed.start();
});
afterAll(() => bed.close());

const watch = () => tokensOf(auth.url, { grant_type: 'client_credentials' }, clients.watch);
const revoke = (token: string, headers = {}) => post(auth.url, '/revoke', { token }, headers);
const introspect = (token: string, headers: Readonly<Record<string, string>> = clients.boss) =>
  post(auth.url, '/introspect', { token }, headers);
const inactive = { status: 200, body: { active: false } };

describe('POST /revoke', () => {
  it('ends a refresh token and its family, a used one too', async () => {
    const { refresh_token: first } = await tokensOf(auth.url, ann);
    const { refresh_token: second } = await refreshed(auth.url, first);

    expect(await revoke(first)).toMatchObject({ status: 200, body: undefined });

    expect(await refresh(auth.url, second)).toMatchObject(refusal(400, 'invalid_grant'));
    expect((await revoke(second)).status).toBe(200);
  });

  it('wants the client that the token was issued to', async () => {
    const { refresh_token } = await watch();

    expect(await revoke(refresh_token)).toMatchObject(refusal(401, 'invalid_client'));
    expect(await revoke(refresh_token, clients.other)).toMatchObject(refusal(400, 'invalid_grant'));
    expect(await revoke('unknown', basic('watch', 'wrong'))).toMatchObject(refusal(401, 'invalid_client'));
    expect((await refreshed(auth.url, refresh_token, clients.watch)).token_type).toBe('Bearer');

    expect((await revoke(refresh_token, clients.watch)).status).toBe(200);
    expect(await refresh(auth.url, refresh_token, clients.watch)).toMatchObject(refusal(400, 'invalid_grant'));
  });

  it('answers 200 for an unknown token, and says that an access token can not be revoked', async () => {
    const { access_token } = await watch();

    expect((await revoke('unknown')).status).toBe(200);
    expect(await revoke(access_token, clients.watch)).toMatchObject(refusal(400, 'unsupported_token_type'));
    expect(await post(auth.url, '/revoke', {})).toMatchObject(refusal(400, 'invalid_request'));
  });
});

describe('POST /introspect', () => {
  it('says what an access token and a refresh token are', async () => {
    const { access_token, refresh_token } = await tokensOf(auth.url, ann);

    expect((await introspect(access_token)).body).toEqual({
      ...{ active: true, token_type: 'Bearer', iss: ISSUER, aud: 'tests', sub: 'user-1', client_id: 'ann' },
      ...{ scope: 'read:own ingest', jti: expect.any(String), iat: expect.any(Number), exp: expect.any(Number) },
    });
    const { body, headers } = await introspect(refresh_token);
    expect(body).toEqual({
      ...{ active: true, sub: 'user-1', client_id: 'ann', scope: 'read:own ingest' },
      ...{ iat: expect.any(Number), exp: expect.any(Number) },
    });
    expect(body).toMatchObject({ exp: Object(body).iat + 30 * 86_400 });
    expect(headers.get('cache-control')).toBe('no-store');
  });

  it('says of a token that does not work only that', async () => {
    const { access_token, refresh_token } = await tokensOf(auth.url, ann);
    await refreshed(auth.url, refresh_token);
    const [head, , signature] = access_token.split('.');
    const claims = Buffer.from('{"sub":"admin","scope":"admin"}').toString('base64url');

    expect(await introspect(refresh_token)).toMatchObject(inactive);
    for (const token of ['unknown', 'a.b.c', `${head}.${claims}.${signature}`, `${access_token}x`])
      expect(await introspect(token)).toMatchObject(inactive);
  });

  it('is for who has admin: a client, or an access token', async () => {
    const boss = await tokensOf(auth.url, { grant_type: 'client_credentials' }, clients.boss);
    const { access_token } = await tokensOf(auth.url, ann);
    const bearer = (token: string) => ({ authorization: `Bearer ${token}` });

    expect(await introspect(access_token, bearer(boss.access_token))).toMatchObject({
      status: 200,
      body: { active: true },
    });
    expect(await introspect(access_token, bearer(access_token))).toMatchObject(refusal(403, 'insufficient_scope'));
    expect(await introspect(access_token, clients.watch)).toMatchObject(refusal(403, 'insufficient_scope'));
    expect(await introspect(access_token, {})).toMatchObject(refusal(401, 'invalid_client'));
    const refused = await introspect(access_token, bearer('a.b.c'));
    expect(refused).toMatchObject(refusal(401, 'invalid_token'));
    expect(refused.headers.get('www-authenticate')).toMatch(/^Bearer .*error="invalid_token"/);
  });
});
