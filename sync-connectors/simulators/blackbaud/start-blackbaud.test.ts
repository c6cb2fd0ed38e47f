import { createHash } from 'node:crypto';
import { describe, expect, it, onTestFinished } from 'vitest';
import { type BlackbaudOptions, startBlackbaud } from './start-blackbaud.ts';
import { FIRST_REFRESH_TOKEN } from './tokens.ts';

type Fields = Readonly<Record<string, unknown>>;
type Answered = { readonly status: number; readonly headers: Headers; readonly body: Fields };

const REDIRECT = 'http://127.0.0.1:9/callback';
const isFields = (value: unknown): value is Fields => typeof value === 'object' && value !== null;
const isList = (value: unknown): value is readonly Fields[] => Array.isArray(value) && value.every(isFields);

async function read(response: Response): Promise<Answered> {
  const body: unknown = await response.json().catch(() => undefined);
  return { status: response.status, headers: response.headers, body: isFields(body) ? body : {} };
}

/** A simulator with a client that has a token, until the test ends. */
async function simulated(options: BlackbaudOptions = {}) {
  const simulator = await startBlackbaud({ port: 0, today: '2026-03-14', ...options });
  onTestFinished(() => simulator.close());
  const { url } = simulator;
  const post = async (path: string, body: unknown) =>
    read(await fetch(`${url}${path}`, { method: 'POST', body: JSON.stringify(body) }));
  const token = async (form: Record<string, string>) => {
    const client = { client_id: 'simulator-client', client_secret: 'simulator-secret' };
    return read(await fetch(`${url}/token`, { method: 'POST', body: new URLSearchParams({ ...client, ...form }) }));
  };
  const refresh = (refresh_token: unknown, more: Record<string, string> = {}) =>
    token({ grant_type: 'refresh_token', refresh_token: String(refresh_token), ...more });
  const first = await refresh(FIRST_REFRESH_TOKEN);
  const get = async (path: string, accessToken: unknown = first.body.access_token, key = 'simulator-key') =>
    read(
      await fetch(path.startsWith('http') ? path : `${url}${path}`, {
        headers: { authorization: `Bearer ${accessToken}`, 'Bb-Api-Subscription-Key': key },
      }),
    );
  const rows = async (path: string) => {
    const { value } = (await get(path)).body;
    return isList(value) ? value : [];
  };
  const control = async (path: string): Promise<unknown> => (await fetch(`${url}${path}`)).json();
  return { url, post, token, refresh, first: first.body, get, rows, control };
}

describe('tokens', () => {
  it('come by authorization code and PKCE, once for a code', async () => {
    const { url, token } = await simulated();
    const challenge = createHash('sha256').update('verifier').digest('base64url');
    const query = new URLSearchParams({
      client_id: 'simulator-client',
      response_type: 'code',
      redirect_uri: REDIRECT,
      state: 'xyz',
      code_challenge: challenge,
      code_challenge_method: 'S256',
    });

    const page = await fetch(`${url}/oauth/authorize?${query}`, { redirect: 'manual' });
    const to = new URL(page.headers.get('location') ?? '');
    const code = to.searchParams.get('code') ?? '';
    const grant = { grant_type: 'authorization_code', redirect_uri: REDIRECT, code };
    const granted = await token({ ...grant, code_verifier: 'verifier' });
    const again = await token({ ...grant, code_verifier: 'verifier' });

    expect(page.status).toBe(302);
    expect(to.searchParams.get('state')).toBe('xyz');
    expect(granted.body).toMatchObject({ token_type: 'Bearer', expires_in: 3600, refresh_token_expires_in: 31536000 });
    expect(again).toMatchObject({ status: 400, body: { error: 'invalid_grant' } });
  });

  it('are refused for a wrong verifier, and without a challenge', async () => {
    const { url, token } = await simulated();
    const query = { client_id: 'simulator-client', response_type: 'code', redirect_uri: REDIRECT };
    const plain = await fetch(`${url}/oauth/authorize?${new URLSearchParams(query)}`, { redirect: 'manual' });
    const withPkce = { ...query, code_challenge: 'x', code_challenge_method: 'S256' };
    const page = await fetch(`${url}/oauth/authorize?${new URLSearchParams(withPkce)}`, { redirect: 'manual' });
    const code = new URL(page.headers.get('location') ?? '').searchParams.get('code') ?? '';

    const wrong = await token({ grant_type: 'authorization_code', redirect_uri: REDIRECT, code, code_verifier: 'y' });

    expect(plain.status).toBe(400);
    expect(wrong.body.error).toBe('invalid_grant');
  });

  it('rotate: an exchanged one holds until its successor is used, and then ends its family', async () => {
    const { get, refresh, first } = await simulated();

    const second = await refresh(first.refresh_token);
    const answerLost = await refresh(first.refresh_token);
    const used = await get('/altru/v1/events', answerLost.body.access_token);
    const reused = await refresh(first.refresh_token);
    const afterwards = await refresh(answerLost.body.refresh_token);

    expect(second.body.refresh_token).not.toBe(first.refresh_token);
    expect(answerLost.status).toBe(200);
    expect(used.status).toBe(200);
    expect(reused.body.error).toBe('invalid_grant');
    expect(afterwards.body.error).toBe('invalid_grant');
  });

  it('stay the same with preserve_refresh_token', async () => {
    const { refresh, first } = await simulated();

    const preserved = await refresh(first.refresh_token, { preserve_refresh_token: 'true' });

    expect(preserved.body.refresh_token).toBe(first.refresh_token);
  });

  it('come for either secret, by body or Basic, and for no other', async () => {
    const { url, refresh, first } = await simulated();
    const basic = Buffer.from('simulator-client:simulator-secret-2').toString('base64');

    const second = await fetch(`${url}/token`, {
      method: 'POST',
      headers: { authorization: `Basic ${basic}` },
      body: new URLSearchParams({ grant_type: 'refresh_token', refresh_token: String(first.refresh_token) }),
    });
    const wrong = await refresh(first.refresh_token, { client_secret: 'wrong' });

    expect(second.status).toBe(200);
    expect(wrong.body.error).toBe('invalid_client');
  });

  it('expire, and are known to a simulator that was restarted', async () => {
    let now = Date.parse('2026-03-14T10:00:00Z');
    const { get, first } = await simulated({ clock: () => now });
    const restarted = await simulated({ clock: () => now });

    now += 3_599_000;
    const before = await restarted.get('/altru/v1/events', first.access_token);
    now += 2_000;
    const after = await get('/altru/v1/events');

    expect(before.status).toBe(200);
    expect(after.status).toBe(401);
    expect((await restarted.refresh(first.refresh_token)).status).toBe(200);
  });

  it('all end when they are revoked', async () => {
    const { post, get, refresh, first } = await simulated();

    await post('/control/revoke', {});

    expect((await get('/altru/v1/events')).status).toBe(401);
    expect((await refresh(first.refresh_token)).body.error).toBe('invalid_grant');
  });
});

describe('the API', () => {
  it('wants a subscription key and a token', async () => {
    const { get } = await simulated();

    expect(await get('/altru/v1/events', undefined, 'wrong')).toMatchObject({ status: 401 });
    expect(await get('/altru/v1/events', 'wrong')).toMatchObject({ status: 401 });
  });

  it.each([
    ['altru', '/alt-conmg/constituents/1001', 'key_name'],
    ['altru', '/alt-evtmg/events/EV-1041', 'start_date'],
    ['renxt', '/constituent/v1/constituents/1001', 'date_modified'],
    ['seed', '/altru/v1/constituents/1001', 'customer_id'],
  ])('gives one row: %s %s', async (_profile, path, field) => {
    const { get } = await simulated();

    expect((await get(path)).body).toHaveProperty(field);
    expect((await get(`${path}9`)).status).toBe(404);
  });

  it.each([
    '/alt-evtmg/events/search?limit=5000',
    '/constituent/v1/constituents',
    '/event/v1/eventlist',
    '/altru/v1/constituents',
    '/altru/v1/events',
    '/altru/v1/registrants/tickets',
    '/altru/v1/parkingpasses',
  ])('lists %s', async (path) => {
    const { rows } = await simulated();

    expect((await rows(path)).length).toBeGreaterThan(5);
  });

  it('pages by next_link to the last row', async () => {
    const { get, control } = await simulated();
    const seen: unknown[] = [];

    let next: unknown = '/constituent/v1/constituents?limit=50&include_inactive=true&include_deceased=true';
    while (typeof next === 'string') {
      const { body } = await get(next);
      if (isList(body.value)) seen.push(...body.value.map(({ id }) => id));
      expect(body.count).toBe(120);
      next = body.next_link;
    }

    expect(seen.sort()).toEqual(
      await control('/control/ids?entity=customers').then((ids) => isArray(ids) && ids.sort()),
    );
  });

  it('keeps a next_link after last_modified, which later gives what has changed', async () => {
    const { get, post } = await simulated();
    const all = 'include_inactive=true&include_deceased=true';
    const { body } = await get(`/constituent/v1/constituents?last_modified=2020-01-01&limit=500&${all}`);

    const quiet = await get(String(body.next_link));
    await post('/control/change', { entity: 'customers', id: '1002', fields: { city: 'Boston' } });
    const changed = await get(String(quiet.body.next_link));

    expect(quiet.body.value).toEqual([]);
    expect(changed.body.value).toMatchObject([{ id: '1002', address: { city: 'Boston' } }]);
    expect((await get(`${quiet.body.next_link}&sort=last_name`)).status).toBe(400);
  });

  it('leaves the inactive and the dead out unless they are asked for, and has fuzzy dates', async () => {
    const { rows } = await simulated();

    const alive = await rows('/constituent/v1/constituents');
    const all = await rows('/constituent/v1/constituents?include_inactive=true&include_deceased=true');

    expect(all).toHaveLength(120);
    expect(alive.length).toBeLessThan(110);
    expect(all.some(({ birthdate }) => isFields(birthdate) && !('y' in birthdate) && 'm' in birthdate)).toBe(true);
  });

  it('takes only a limit for alt-* lists, and says nothing of more', async () => {
    const { get } = await simulated();

    const { body } = await get('/alt-evtmg/events/search?limit=5&offset=5');

    expect(body).toMatchObject({ count: 5 });
    expect(body).not.toHaveProperty('next_link');
  });

  it('narrows by start_date and end_date', async () => {
    const { rows } = await simulated();

    const found = await rows('/altru/v1/events?start_date=2026-03-14&end_date=2026-03-31');

    expect(found.length).toBeGreaterThan(0);
    expect(found.every(({ starts_at }) => String(starts_at) >= '2026-03-14' && String(starts_at) < '2026-04-01')).toBe(
      true,
    );
  });

  it('runs ad-hoc queries by name', async () => {
    const { get } = await simulated();

    const { body: query } = await get('/alt-anamg/adhocqueries/id/Our%20parking%20passes');
    const { body } = await get(`/alt-anamg/adhocqueries/${query.id}`);

    expect(body).toMatchObject({
      count: 60,
      fields: ['pass_id', 'ticketed_event_id', 'pass_type', 'cost', 'issued_at'],
    });
    expect((await get('/alt-anamg/adhocqueries/id/nothing')).status).toBe(404);
  });

  it('shows changes in lists only after the lag', async () => {
    let now = Date.parse('2026-03-14T10:00:00Z');
    const { rows, get, post } = await simulated({ clock: () => now, settings: { lag_seconds: 1_800 } });
    const city = async () => (await rows('/altru/v1/constituents')).find((row) => row.customer_id === '1002')?.city;
    const before = await city();

    await post('/control/change', { entity: 'customers', id: '1002', fields: { city: 'Boston' } });
    const stillOld = await city();
    now += 1_800_000;

    expect(stillOld).toBe(before);
    expect(await city()).toBe('Boston');
    expect((await get('/altru/v1/constituents/1002')).body.city).toBe('Boston');
  });

  it('refuses with 429 over the second, with 403 and a date over the day, and without one for no permission', async () => {
    const now = Date.parse('2026-03-14T10:00:00Z');
    const { get, post } = await simulated({ clock: () => now, settings: { per_second: 2 } });

    await get('/altru/v1/events');
    await get('/altru/v1/events');
    const fast = await get('/altru/v1/events');
    await post('/control/settings', { per_second: 0, per_day: 2 });
    const spent = await get('/altru/v1/events');
    await post('/control/settings', { per_day: 0, forbidden: ['parking-passes'] });
    const forbidden = await get('/altru/v1/parkingpasses');

    expect([fast.status, fast.headers.get('retry-after')]).toEqual([429, '1']);
    expect([spent.status, spent.headers.get('retry-after')]).toEqual([403, '50400']);
    expect(String(spent.body.message)).toContain('Out of call volume quota');
    expect([forbidden.status, forbidden.headers.get('retry-after')]).toEqual([403, null]);
  });
});

const isArray = (value: unknown): value is unknown[] => Array.isArray(value);
