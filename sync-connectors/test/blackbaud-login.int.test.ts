import { createHash } from 'node:crypto';
import { createServer } from 'node:http';
import { text } from 'node:stream/consumers';
import { migrate } from '@millrace/core/database/migrate';
import { openDatabase } from '@millrace/core/database/open-database';
import { freePort } from '@millrace/stack/parts/free-port';
import { serveForTest } from '@millrace/testing/serve-for-test';
import { createTestDatabase } from '@millrace/testing/test-names';
import { afterAll, beforeAll, describe, expect, inject, it } from 'vitest';
import { logIn } from '../blackbaud/login/log-in.ts';
import { blackbaudSettings } from '../blackbaud/settings.ts';
import { tokenMigration } from '../blackbaud/token/token-migration.ts';
import { createTokenRow } from '../blackbaud/token/token-row.ts';
import { SECRETS_KEY } from './token-bed.ts';

let database: Awaited<ReturnType<typeof createTestDatabase>>;
let db: ReturnType<typeof openDatabase>;

beforeAll(async () => {
  database = await createTestDatabase(inject('stack').databaseUrl);
  db = openDatabase(database.url);
  await migrate(db, [tokenMigration]);
});
afterAll(async () => {
  await db.close();
  await database.close();
});

const digest = (verifier: string) => createHash('sha256').update(verifier).digest('base64url');

/** A login whose person does what `browse` does with the address. */
async function login(browse: (address: URL) => Promise<unknown>) {
  const port = await freePort();
  const asked: URLSearchParams[] = [];
  const tokenUrl = await serveForTest(async (req, res) => {
    asked.push(new URLSearchParams(await text(req)));
    const granted = {
      access_token: 'access-canary',
      refresh_token: 'refresh-canary',
      token_type: 'Bearer',
      expires_in: 3_600,
    };
    res.writeHead(200, { 'content-type': 'application/json' }).end(JSON.stringify(granted));
  });
  const settings = blackbaudSettings.parse({
    ...{ BLACKBAUD_CLIENT_ID: 'museum', BLACKBAUD_CLIENT_SECRET: 'secret', BLACKBAUD_TOKEN_URL: `${tokenUrl}/token` },
    ...{ BLACKBAUD_LOGIN_PORT: String(port), BLACKBAUD_AUTHORIZE_URL: 'https://vendor.example/oauth/authorize' },
  });
  const said: string[] = [];
  const say = (line: string) => {
    said.push(line);
    const [address] = /https:\/\/vendor\.example\S+/.exec(line) ?? [];
    if (address) void browse(new URL(address));
  };
  const done = logIn({ settings, db, secretsKey: SECRETS_KEY, say, withinMs: 5_000 });
  return { done, said, asked, redirectUri: `http://127.0.0.1:${port}/blackbaud-login` };
}

const back = (address: URL, parameters: Record<string, string>) =>
  fetch(`${address.searchParams.get('redirect_uri')}?${new URLSearchParams(parameters)}`);

describe('make blackbaud-login', () => {
  it('says what to register and who must connect first, takes the code with its verifier, and keeps the login sealed', async () => {
    let address = new URL('https://vendor.example');
    const { done, said, asked, redirectUri } = await login((opened) => {
      address = opened;
      return back(opened, { code: 'the-code', state: opened.searchParams.get('state') ?? '' });
    });

    const lastDay = await done;

    expect(said).toContain(`     ${redirectUri}`);
    expect(said.join('\n')).toMatch(/administrator of the environment has connected the application/);
    expect(address.searchParams.get('code_challenge_method')).toBe('S256');
    expect(digest(asked[0]?.get('code_verifier') ?? '')).toBe(address.searchParams.get('code_challenge'));
    expect(asked[0]?.get('redirect_uri')).toBe(redirectUri);
    expect(lastDay).toBe(new Date(Date.now() + 365 * 86_400_000).toISOString().slice(0, 10));
    expect(await createTokenRow('museum', SECRETS_KEY).read(db)).toMatchObject({
      ...{ refreshToken: 'refresh-canary', accessToken: 'access-canary', isFresh: true, needsLogin: false },
    });
    expect(said.join('\n')).not.toContain('canary');
  });

  it('changes nothing for a return that is not its own, or that says no', async () => {
    const foreign = await login((address) => back(address, { code: 'the-code', state: 'another' }));
    await expect(foreign.done).rejects.toThrow('does not belong to this login');
    const refused = await login((address) =>
      back(address, { error: 'access_denied', state: address.searchParams.get('state') ?? '' }),
    );
    await expect(refused.done).rejects.toThrow('the vendor answered access_denied; nothing was changed');
    expect([...foreign.asked, ...refused.asked]).toEqual([]);
  });

  it('says that its port is taken', async () => {
    const server = createServer();
    await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
    const address = server.address();
    const port = typeof address === 'object' && address ? String(address.port) : '';
    const settings = blackbaudSettings.parse({
      ...{ BLACKBAUD_CLIENT_ID: 'museum', BLACKBAUD_CLIENT_SECRET: 'secret', BLACKBAUD_LOGIN_PORT: port },
    });

    await expect(logIn({ settings, db, secretsKey: SECRETS_KEY, say: () => undefined })).rejects.toThrow(
      `port ${port} is not free`,
    );
    await new Promise((resolve) => server.close(resolve));
  });
});
