import { serveForTest } from '@millrace/testing/serve-for-test';
import { describe, expect, it } from 'vitest';
import { fetchKeys } from './fetch-keys.ts';

const KEYS = { keys: [{ kty: 'OKP', crv: 'Ed25519', x: 'AA', kid: 'a' }] };

/** An issuer that answers these paths; its metadata may say what it likes. */
async function issuer(answers: (url: string) => Readonly<Record<string, string>>): Promise<string> {
  const url = await serveForTest((req, res) => {
    const text = answers(`http://${req.headers.host}`)[req.url ?? ''];
    res.writeHead(text === undefined ? 404 : 200).end(text);
  });
  return url;
}

const metadata = (url: string, more: object = {}) => JSON.stringify({ issuer: url, jwks_uri: `${url}/keys`, ...more });

describe('fetchKeys', () => {
  it('finds the keys by RFC 8414’s metadata, or else by OpenID Connect’s', async () => {
    const keys = JSON.stringify(KEYS);
    const ours = await issuer((url) => ({ '/.well-known/oauth-authorization-server': metadata(url), '/keys': keys }));
    const theirs = await issuer((url) => ({ '/.well-known/openid-configuration': metadata(url), '/keys': keys }));
    const below = await issuer((url) => ({
      '/.well-known/oauth-authorization-server/tenant': metadata(url, { issuer: `${url}/tenant` }),
      '/keys': keys,
    }));

    expect(await fetchKeys(ours)).toEqual(KEYS);
    expect(await fetchKeys(`${theirs}/`)).toEqual(KEYS);
    expect(await fetchKeys(`${below}/tenant`)).toEqual(KEYS);
  });

  it.each([
    [
      'another issuer',
      (url: string) => ({ metadata: metadata(url, { issuer: 'https://else.example' }), keys: '{"keys":[]}' }),
    ],
    [
      'more than it may',
      (url: string) => ({ metadata: metadata(url), keys: `{"keys":[],"x":"${'x'.repeat(1_000_001)}"}` }),
    ],
    ['no key set', (url: string) => ({ metadata: metadata(url), keys: '[]' })],
    ['no JSON', () => ({ metadata: '<html>', keys: '' })],
  ])('refuses an issuer whose answer is %s', async (_, answers) => {
    const url = await issuer((at) => {
      const { metadata: text, keys } = answers(at);
      return { '/.well-known/oauth-authorization-server': text, '/keys': keys };
    });

    await expect(fetchKeys(url)).rejects.toThrow();
  });
});
