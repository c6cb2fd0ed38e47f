import { execFile } from 'node:child_process';
import { serviceMain } from '@millrace/testing/start-service';
import { waitUntil } from '@millrace/testing/wait-until';
import { decodeProtectedHeader } from 'jose';
import { afterAll, beforeAll, describe, expect, inject, it } from 'vitest';
import { z } from 'zod';
import { basic, refresh, refusal, tokensOf } from './ask-auth.ts';
import { type AuthBed, openAuthBed } from './auth-bed.ts';

let bed: AuthBed;

beforeAll(async () => {
  bed = await openAuthBed(inject('stack'));
});
afterAll(() => bed.close());

type Ended = { readonly code: unknown; readonly stdout: string; readonly stderr: string };

/** Runs `auth/commands/main` as make does. */
function run(args: readonly string[], env: Readonly<Record<string, string>> = {}): Promise<Ended> {
  const node = ['--conditions=source', '--import', 'tsx', serviceMain('auth', 'commands/main'), ...args];
  return new Promise((resolve) => {
    execFile(process.execPath, node, { env: { ...process.env, ...bed.env, ...env } }, (error, stdout, stderr) =>
      resolve({ code: error?.code ?? 0, stdout, stderr }),
    );
  });
}

const made = z.strictObject({ client_id: z.string(), client_secret: z.string(), scopes: z.array(z.string()) });
const client = { grant_type: 'client_credentials' };

describe('make client', () => {
  it('makes a client before any auth has run, prints it once as a line of JSON, and it gets tokens', async () => {
    const { code, stdout } = await run([
      'client',
      '--name=runner',
      '--scopes=ingest:running read:own',
      '--subject=s-1',
    ]);

    expect(code).toBe(0);
    expect(stdout).toMatch(/^\{.*\}\n$/);
    const { client_id, client_secret, scopes } = made.parse(JSON.parse(stdout));
    expect([client_id, scopes]).toEqual(['runner', ['ingest:running', 'read:own']]);
    expect(client_secret).toMatch(/^[\w-]{43}$/);
    const { url } = await bed.start();
    expect((await tokensOf(url, client, basic(client_id, client_secret))).scope).toBe('ingest:running read:own');
  });

  it('refuses a name that exists, and with ROTATE gives it a new secret, which ends what the old one got', async () => {
    const first = made.parse(JSON.parse((await run(['client', '--name=twice', '--scopes=read'])).stdout));
    const { url } = await bed.start();
    const before = await tokensOf(url, client, basic('twice', first.client_secret));

    expect(await run(['client', '--name=twice', '--scopes=read'])).toMatchObject({
      ...{ code: 1, stdout: '', stderr: 'there is a client twice already; ROTATE=1 gives it a new secret\n' },
    });
    const second = made.parse(JSON.parse((await run(['client', '--name=twice', '--rotate'])).stdout));

    expect(second.scopes).toEqual(['read']);
    const headers = basic('twice', second.client_secret);
    expect(await refresh(url, before.refresh_token, headers)).toMatchObject(refusal(400, 'invalid_grant'));
    expect((await tokensOf(url, client, headers)).scope).toBe('read');
  });

  it('names every fault, repeats its usage, and ends with 2', async () => {
    const { code, stdout, stderr } = await run(['client', '--name=a b', '--scopes=write']);

    expect([code, stdout]).toEqual([2, '']);
    expect(stderr).toMatch(/^NAME must be .*; SCOPES has "write", which is no scope\.\nmake client NAME=/);
    expect(await run(['client', '--colour=red'])).toMatchObject({ code: 2, stdout: '' });
    expect(await run([])).toMatchObject({ code: 2, stdout: '' });
  });

  it('says in a line that the database does not answer', async () => {
    const DATABASE_URL = 'mysql://millrace:hunter2@127.0.0.1:9/millrace';

    expect(await run(['client', '--name=late', '--scopes=read'], { DATABASE_URL })).toEqual({
      ...{ code: 1, stdout: '', stderr: 'the database does not answer; make up starts it\n' },
    });
  });
});

describe('make rotate-keys', () => {
  it('prints the id of the key that now signs', async () => {
    const { url } = await bed.start();

    const { code, stdout } = await run(['rotate-keys']);

    expect([code, stdout]).toEqual([0, expect.stringMatching(/^[\w-]{43}\n$/)]);
    await waitUntil(
      async () => decodeProtectedHeader((await tokensOf(url, client, basic('boss', 'boss-boss'))).access_token).kid,
      (kid) => kid === stdout.trim(),
      { withinMs: 5_000 },
    );
  });

  it('refuses to go on under another SECRETS_KEY, unless it is forced', async () => {
    const env = { SECRETS_KEY: 'another-key-of-the-tests' };

    expect(await run(['rotate-keys'], env)).toMatchObject({
      ...{ code: 1, stdout: '', stderr: expect.stringMatching(/^SECRETS_KEY is not the one that .*\n$/) },
    });
    expect(await run(['rotate-keys', '--force'], env)).toMatchObject({ code: 0 });
    expect((await bed.start(env)).url).toMatch(/^http/);
  });

  it('explains itself', async () => {
    expect(await run(['--help'])).toMatchObject({ code: 0, stdout: expect.stringContaining('make rotate-keys') });
  });
});
