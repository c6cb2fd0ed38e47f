import { serveForTest } from '@millrace/testing/serve-for-test';
import { describe, expect, it } from 'vitest';
import { answerOwnPages } from './answer-own-pages.ts';

const serve = () =>
  serveForTest(answerOwnPages({ storage: 8082, web: 80, auth: 8086 })((_req, res) => void res.writeHead(204).end()));

async function corsOf(url: string, method: string, origin?: string) {
  const { headers } = await fetch(url, { method, headers: origin === undefined ? {} : { origin } });
  return Object.fromEntries([...headers].filter(([name]) => name === 'vary' || name.startsWith('access-control-')));
}

describe('answerOwnPages', () => {
  it.each(['http://127.0.0.1:8082', 'http://localhost:8082', 'http://localhost', 'http://127.0.0.1:8086'])(
    'lets the page at %s ask for a token',
    async (origin) => {
      const url = await serve();

      const [preflight, answer] = [
        await corsOf(`${url}/token`, 'OPTIONS', origin),
        await corsOf(`${url}/token`, 'POST', origin),
      ];

      expect(answer).toEqual({ vary: 'Origin', 'access-control-allow-origin': origin });
      expect(preflight).toEqual({
        ...answer,
        'access-control-allow-methods': 'POST',
        'access-control-allow-headers': 'authorization, content-type, x-requested-with',
        'access-control-max-age': '600',
      });
    },
  );

  it.each([
    'http://127.0.0.1:8083',
    'https://127.0.0.1:8082',
    'http://127.0.0.1.evil.test:8082',
    'http://localhost:8082.evil.test',
    'http://evil.test',
    'http://[::1]:8082',
    'null',
    '*',
  ])('tells a page at %s nothing', async (origin) => {
    const url = await serve();

    expect(await corsOf(`${url}/token`, 'POST', origin)).toEqual({ vary: 'Origin' });
    expect(await corsOf(`${url}/token`, 'OPTIONS', origin)).toEqual({ vary: 'Origin' });
  });

  it('says so of no other path, and without an origin not at all', async () => {
    const url = await serve();

    expect(await corsOf(`${url}/token?x=1`, 'POST')).toEqual({ vary: 'Origin' });
    for (const path of ['/revoke', '/introspect', '/token/x', '/.well-known/jwks.json'])
      expect(await corsOf(`${url}${path}`, 'OPTIONS', 'http://localhost:8082')).toEqual({});
  });
});
