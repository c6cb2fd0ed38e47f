import { changeRows, selectRows } from '@millrace/core/database/run-sql';
import type { RunningService } from '@millrace/testing/start-service';
import { afterAll, beforeAll, describe, expect, inject, it } from 'vitest';
import { removeExpired } from '../refresh/end-family.ts';
import { hashOf } from '../refresh/refresh-token.ts';
import { ann, clients, refresh, refreshed, refusal, tokensOf } from './ask-auth.ts';
import { type AuthBed, openAuthBed } from './auth-bed.ts';

let bed: AuthBed;
let auth: RunningService;
let replica: RunningService;

beforeAll(async () => {
  bed = await openAuthBed(inject('stack'));
  [auth, replica] = await Promise.all([bed.start(), bed.start()]);
});
afterAll(() => bed.close());

const watch = { grant_type: 'client_credentials' };

/** As if a token had been used earlier. */
const usedEarlier = (token: string, seconds: number) =>
  changeRows(
    bed.db,
    'UPDATE auth_refresh_tokens SET used_at = TIMESTAMPADD(MICROSECOND, ?, used_at) WHERE token_hash = ?',
    [-seconds * 1_000_000, hashOf(token)],
  );

const dead = refusal(400, 'invalid_grant');

describe('a refresh token', () => {
  it('is rotated at each use, whoever issued it', async () => {
    const first = await tokensOf(auth.url, ann);

    const second = await refreshed(replica.url, first.refresh_token);
    const third = await refreshed(auth.url, second.refresh_token);

    expect(new Set([first, second, third].map(({ refresh_token }) => refresh_token)).size).toBe(3);
    expect(third.scope).toBe('read:own ingest');
  });

  it('gives one successor to 50 who come at once, on two replicas', async () => {
    const { refresh_token } = await tokensOf(auth.url, watch, clients.watch);

    const all = await Promise.all(
      Array.from({ length: 50 }, (_, n) => refreshed((n % 2 ? auth : replica).url, refresh_token, clients.watch)),
    );

    const successors = new Set(all.map((each) => each.refresh_token));
    expect(successors.size).toBe(1);
    expect(new Set(all.map((each) => each.access_token)).size).toBe(50);
    expect((await refresh(auth.url, [...successors][0] ?? '', clients.watch)).status).toBe(200);
  });

  it('gives its successor again for ten seconds, and later ends the family', async () => {
    const { refresh_token: first } = await tokensOf(auth.url, ann);
    const { refresh_token: second } = await refreshed(auth.url, first);
    await usedEarlier(first, 8);
    expect((await refreshed(auth.url, first)).refresh_token).toBe(second);
    await usedEarlier(first, 3);

    expect(await refresh(auth.url, first)).toMatchObject(dead);

    expect(await refresh(auth.url, second)).toMatchObject(dead);
    expect(auth.lines.filter(({ msg }) => String(msg).startsWith('a refresh token was used again'))).toHaveLength(1);
  });

  it('ends no other family', async () => {
    const [one, other] = [await tokensOf(auth.url, ann), await tokensOf(auth.url, ann)];
    await refreshed(auth.url, one.refresh_token);
    await usedEarlier(one.refresh_token, 11);
    await refresh(auth.url, one.refresh_token);

    expect((await refresh(auth.url, other.refresh_token)).status).toBe(200);
  });

  it('works for its client alone, and a refusal does not use it up', async () => {
    const { refresh_token } = await tokensOf(auth.url, watch, clients.watch);
    const { refresh_token: anns } = await tokensOf(auth.url, ann);

    expect(await refresh(auth.url, refresh_token, clients.other)).toMatchObject(dead);
    expect(await refresh(auth.url, refresh_token)).toMatchObject(refusal(401, 'invalid_client'));
    expect(await refresh(auth.url, anns, clients.watch)).toMatchObject(dead);

    expect((await refresh(auth.url, refresh_token, clients.watch)).status).toBe(200);
    expect((await refresh(auth.url, anns)).status).toBe(200);
  });

  it('can narrow what its access token allows, and never widens it', async () => {
    const { refresh_token } = await tokensOf(auth.url, { ...ann, scope: 'ingest:running' });

    expect(await refresh(auth.url, refresh_token, {}, { scope: 'ingest' })).toMatchObject(
      refusal(400, 'invalid_scope'),
    );
    expect(await refresh(auth.url, refresh_token, {}, { scope: 'read:own' })).toMatchObject(
      refusal(400, 'invalid_scope'),
    );
    const given = await tokensOf(auth.url, { ...ann, scope: 'ingest' });
    const narrow = await refreshed(auth.url, given.refresh_token, {}, { scope: 'ingest:running' });

    expect(narrow.scope).toBe('ingest:running');
    expect((await refreshed(auth.url, narrow.refresh_token)).scope).toBe('ingest');
  });

  it('is stored as a hash, and its successor so that only the token opens it', async () => {
    const { refresh_token: first } = await tokensOf(auth.url, ann);
    const { refresh_token: second } = await refreshed(auth.url, first);

    const rows = await selectRows(
      bed.db,
      'SELECT HEX(token_hash) AS h, HEX(sealed_successor) AS s FROM auth_refresh_tokens',
    );

    const table = JSON.stringify(rows);
    for (const token of [first, second]) {
      expect(table).toContain(hashOf(token).toString('hex').toUpperCase());
      expect(table).not.toContain(Buffer.from(token).toString('hex').toUpperCase());
    }
  });

  it('ends after its days, and is removed then', async () => {
    const { refresh_token } = await tokensOf(auth.url, ann);
    await bed.db.raw('UPDATE auth_refresh_tokens SET expires_at = UTC_TIMESTAMP(3) WHERE token_hash = ?', [
      hashOf(refresh_token),
    ]);

    expect(await refresh(auth.url, refresh_token)).toMatchObject(dead);
    await bed.db.raw('UPDATE auth_token_families SET expires_at = UTC_TIMESTAMP(3)');
    expect(await removeExpired(bed.db)).toBeGreaterThan(1);
    expect(await selectRows(bed.db, 'SELECT token_hash FROM auth_refresh_tokens')).toEqual([]);
  });

  it.each(['', 'x', 'a'.repeat(43), 'a.b.c', "' OR 1=1 --", '\u0000'])('is not %j', async (token) => {
    expect((await refresh(auth.url, token)).status).toBe(400);
  });
});
