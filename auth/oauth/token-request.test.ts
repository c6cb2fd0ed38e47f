import { describe, expect, it } from 'vitest';
import { readTokenRequest } from './token-request.ts';

const given = (values: Readonly<Record<string, string>>, faults: readonly string[] = []) => ({
  values: new Map(Object.entries(values)),
  faults,
});

describe('readTokenRequest', () => {
  it('reads each grant', () => {
    const user = { username: 'ann', password: 'secret' };

    expect(readTokenRequest(given({ grant_type: 'password', ...user, scope: 'read' }))).toEqual({
      ...{ grant: 'password', ...user, scope: 'read' },
    });
    expect(readTokenRequest(given({ grant_type: 'client_credentials' }))).toEqual({
      ...{ grant: 'client_credentials', scope: undefined },
    });
    expect(readTokenRequest(given({ grant_type: 'refresh_token', refresh_token: 'abc' }))).toEqual({
      ...{ grant: 'refresh_token', refreshToken: 'abc', scope: undefined },
    });
  });

  it.each([
    [given({}), 'grant_type is required.'],
    [given({ grant_type: 'password' }), 'username is required; password is required.'],
    [given({ grant_type: 'refresh_token' }), 'refresh_token is required.'],
    [
      given({ grant_type: 'password', password: 'x' }, ['username must be given only once', 'scope must be a string']),
      'username must be given only once; scope must be a string.',
    ],
  ])('names every fault at once', (parameters, error_description) => {
    expect(() => readTokenRequest(parameters)).toThrow(
      expect.objectContaining({ status: 400, body: { error: 'invalid_request', error_description } }),
    );
  });

  it.each(['implicit', 'authorization_code', 'toString', 'PASSWORD'])('does not know the grant %s', (grant_type) => {
    expect(() => readTokenRequest(given({ grant_type }))).toThrow(
      expect.objectContaining({ code: 'unsupported_grant_type', status: 400 }),
    );
  });
});
