import { describe, expect, it } from 'vitest';
import { clientCredentials } from './client-credentials.ts';

const body = (values: Readonly<Record<string, string>> = {}) => ({
  values: new Map(Object.entries(values)),
  faults: [],
});
const basic = (text: string) => `Basic ${Buffer.from(text).toString('base64')}`;

describe('clientCredentials', () => {
  it('reads a Basic header, whose parts are form-encoded', () => {
    expect(clientCredentials(basic('my%3Aclient+1:p%25ss%3Aword'), body())).toEqual({
      ...{ id: 'my:client 1', secret: 'p%ss:word' },
    });
    expect(clientCredentials(basic('id:a:b').replace('Basic', 'bAsIc'), body({ client_id: 'id' }))).toEqual({
      ...{ id: 'id', secret: 'a:b' },
    });
  });

  it('reads the body', () => {
    expect(clientCredentials(undefined, body({ client_id: 'id', client_secret: 's' }))).toEqual({
      id: 'id',
      secret: 's',
    });
    expect(clientCredentials(undefined, body({ client_id: 'id' }))).toEqual({ id: 'id', secret: '' });
    expect(clientCredentials(undefined, body())).toBeUndefined();
  });

  it('takes an empty id with an empty secret for no client', () => {
    expect(clientCredentials(basic(':'), body())).toBeUndefined();
    expect(clientCredentials(basic(':'), body({ client_id: 'id' }))).toEqual({ id: 'id', secret: '' });
    expect(clientCredentials(basic(':s'), body())).toEqual({ id: '', secret: 's' });
  });

  it.each([
    '',
    'Basic',
    'Basic ',
    'Bearer abc',
    'Digest x=y',
    'Basic ###',
    basic('no colon'),
    basic('bad%:x'),
    basic('a:%zz'),
  ])('takes no other header: %j', (header) => {
    expect(() => clientCredentials(header, body())).toThrow(
      expect.objectContaining({
        status: 401,
        code: 'invalid_client',
        headers: { 'www-authenticate': expect.stringMatching(/^Basic realm="/) },
      }),
    );
  });

  it.each([
    [basic('id:s'), { client_secret: 's' }],
    [basic('id:s'), { client_id: 'id', client_secret: 's' }],
    [basic('id:s'), { client_id: 'other' }],
    [undefined, { client_secret: 's' }],
  ])('takes only one way at once', (header, values) => {
    expect(() => clientCredentials(header, body(values))).toThrow(expect.objectContaining({ code: 'invalid_request' }));
  });
});
