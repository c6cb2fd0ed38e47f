import { IncomingMessage } from 'node:http';
import { Socket } from 'node:net';
import { describe, expect, it } from 'vitest';
import { readOf } from './access.ts';
import { createAuthenticate, createAuthorize } from './authenticate.ts';
import { ANONYMOUS, type Caller } from './caller.ts';

const ADA: Caller = { subject: 'ada', clientId: 'watch', scopes: new Set(['read:music']) };

function verify(token: string): Caller {
  if (token === 'good') return ADA;
  throw new Error(`verified ${token}`);
}

function request(authorization?: string): IncomingMessage {
  const req = new IncomingMessage(new Socket());
  if (authorization !== undefined) req.headers.authorization = authorization;
  return req;
}

describe('createAuthenticate', () => {
  it.each(['Bearer good', 'bearer good', 'BEARER  good '])('reads "%s"', (header) => {
    expect(createAuthenticate('required', verify)(request(header))).toBe(ADA);
    expect(createAuthenticate('open', verify)(request(header))).toBe(ADA);
  });

  it.each(['Bearer', 'Bearer ', 'Bearer a b', 'Bearer "good"', 'Bearer good,good', 'Bearer gööd', 'bearer\tgood'])(
    'refuses "%s", also where no token is needed',
    (header) => {
      for (const auth of ['open', 'required'] as const)
        expect(() => createAuthenticate(auth, verify)(request(header))).toThrow(
          expect.objectContaining({ status: 401, headers: { 'www-authenticate': 'Bearer error="invalid_token"' } }),
        );
    },
  );

  it.each([undefined, 'Basic YTpi', 'Bearergood', ''])('takes %s for no token', (header) => {
    expect(createAuthenticate('open', verify)(request(header))).toBe(ANONYMOUS);
    expect(() => createAuthenticate('required', verify)(request(header))).toThrow(
      expect.objectContaining({ status: 401, headers: { 'www-authenticate': 'Bearer' } }),
    );
  });
});

describe('createAuthorize', () => {
  it('answers at once for a token that is known, and later for one that is not', async () => {
    const later = createAuthorize(async () => ADA);
    const music = readOf({ name: 'music', access: 'open' });
    const running = readOf({ name: 'running', access: 'open' });

    expect(createAuthorize(() => ADA)(request(), music)).toBe(ADA);
    expect(await later(request(), music)).toBe(ADA);
    expect(() => createAuthorize(() => ADA)(request(), running)).toThrow(expect.objectContaining({ status: 403 }));
    await expect(later(request(), running)).rejects.toMatchObject({ status: 403 });
  });
});
