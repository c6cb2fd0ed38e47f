import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { serveForTest } from '@millrace/testing/serve-for-test';
import { describe, expect, it, onTestFinished } from 'vitest';
import { operatorHeaders } from './operator-headers.ts';

const SECRET = 'a-secret-of-make-up';

async function configOf(auth: 'open' | 'required', status: number, hasCredentials = true) {
  const dataDir = await mkdtemp(join(tmpdir(), 'millrace-operator-'));
  onTestFinished(() => rm(dataDir, { recursive: true }));
  const credentials = {
    ...{ users: {}, clients: { admin: SECRET }, secrets_key: 'a-key-of-the-tests' },
    mysql: { root: 'a-password', millrace: 'a-password' },
  };
  if (hasCredentials) await writeFile(join(dataDir, 'credentials.json'), JSON.stringify(credentials));
  const expected = `Basic ${Buffer.from(`admin:${SECRET}`).toString('base64')}`;
  const authUrl = await serveForTest((req, res) => {
    res.writeHead(req.headers.authorization === expected ? status : 401).end('{"access_token":"a.b.c"}');
  });
  return { auth, authUrl, authIssuer: '', dataDir };
}

describe('operatorHeaders', () => {
  it('have the token that is given, else one of the client that make up made', async () => {
    expect(await operatorHeaders(await configOf('open', 200), { TOKEN: 'x.y.z' })).toEqual({
      authorization: 'Bearer x.y.z',
    });
    expect(await operatorHeaders(await configOf('required', 200), {})).toEqual({ authorization: 'Bearer a.b.c' });
  });

  it('have none where none is to be had, and none is required', async () => {
    expect(await operatorHeaders(await configOf('open', 503), {})).toEqual({});
    expect(await operatorHeaders(await configOf('open', 200, false), {})).toEqual({});
  });

  it('say why there is none where one is required', async () => {
    await expect(operatorHeaders(await configOf('required', 503), {})).rejects.toThrow(
      'gives no token: it answered 503',
    );
    await expect(operatorHeaders(await configOf('required', 200, false), {})).rejects.toThrow('give one in TOKEN');
  });
});
