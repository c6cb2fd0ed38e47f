import { describe, expect, it, onTestFinished } from 'vitest';
import { startBlackbaud } from '../blackbaud/start-blackbaud.ts';
import { FIRST_REFRESH_TOKEN } from '../blackbaud/tokens.ts';

async function simulated() {
  const simulator = await startBlackbaud({
    port: 0,
    today: '2026-03-14',
    settings: { slow_ms: 200, timeout_ms: 60_000 },
  });
  onTestFinished(() => simulator.close());
  const get = async (path: string): Promise<unknown> => (await fetch(`${simulator.url}${path}`)).json();
  const post = async (path: string, body: unknown) => {
    const response = await fetch(`${simulator.url}${path}`, { method: 'POST', body: JSON.stringify(body) });
    const answer: unknown = await response.json();
    return { status: response.status, body: answer };
  };
  const token = async (): Promise<string> => {
    const response = await fetch(`${simulator.url}/token`, {
      method: 'POST',
      body: new URLSearchParams({
        ...{ grant_type: 'refresh_token', refresh_token: FIRST_REFRESH_TOKEN },
        ...{ client_id: 'simulator-client', client_secret: 'simulator-secret' },
      }),
    });
    const answer: unknown = await response.json();
    return typeof answer === 'object' && answer && 'access_token' in answer ? String(answer.access_token) : '';
  };
  /** The status of a call, or the name of what became of it. */
  const call = async (accessToken: string, withinMs = 20_000) => {
    try {
      const response = await fetch(`${simulator.url}/altru/v1/events`, {
        headers: { authorization: `Bearer ${accessToken}`, 'Bb-Api-Subscription-Key': 'simulator-key' },
        signal: AbortSignal.timeout(withinMs),
      });
      const text = await response.text();
      if (response.status !== 200) return { status: response.status, retryAfter: response.headers.get('retry-after') };
      return { status: 200, bytes: text.length, json: isJson(text) };
    } catch (error) {
      return { failed: error instanceof Error ? error.name : '' };
    }
  };
  return { get, post, token, call };
}

function isJson(text: string): boolean {
  try {
    JSON.parse(text);
    return true;
  } catch {
    return false;
  }
}

describe('what a vendor has', () => {
  it('is counted and listed', async () => {
    const { get } = await simulated();

    expect(await get('/control')).toEqual({
      customers: 120,
      'ticketed-events': 12,
      wristbands: 300,
      'parking-passes': 60,
    });
    expect(await get('/control/ids?entity=ticketed-events')).toHaveLength(12);
  });

  it('is the same from the same seed', async () => {
    const [one, other] = [await simulated(), await simulated()];

    await one.post('/control/grow', { steps: 20 });
    await other.post('/control/grow', { steps: 20 });

    expect(await one.get('/control/ids?entity=wristbands')).toEqual(await other.get('/control/ids?entity=wristbands'));
  });

  it('is removed, added and reset', async () => {
    const { get, post } = await simulated();

    await post('/control/remove', { entity: 'customers', id: '1001' });
    const removed = await get('/control');
    const added = await post('/control/add', { entity: 'customers', count: 3 });
    const reset = await post('/control/reset', {});

    expect(removed).toMatchObject({ customers: 119 });
    expect(added.body).toEqual({ entity: 'customers', ids: ['1121', '1122', '1123'] });
    expect(reset.body).toMatchObject({ customers: 120 });
  });

  it('is refused with the reason', async () => {
    const { post } = await simulated();

    expect(await post('/control/remove', { entity: 'customers', id: 'none' })).toMatchObject({ status: 404 });
    expect(await post('/control/add', { entity: 'dogs', count: 1 })).toMatchObject({ status: 400 });
    expect(await post('/control/faults', { rate: 2 })).toMatchObject({ status: 400 });
    expect(await post('/control/settings', { unknown: 1 })).toMatchObject({ status: 400 });
    expect(await post('/control/unknown', {})).toMatchObject({ status: 404 });
  });
});

describe('faults', () => {
  it.each([
    ['429', { status: 429, retryAfter: '1' }],
    ['500', { status: 500, retryAfter: null }],
    ['timeout', { failed: 'TimeoutError' }],
    ['reset', { failed: 'TypeError' }],
    ['truncated', { failed: 'TypeError' }],
    ['malformed', { status: 200, json: false }],
    ['slow', { status: 200, json: true }],
    ['bomb', { status: 200, bytes: 64_000_022 }],
  ])('of the kind %s befall every call at a rate of 1', async (kind, expected) => {
    const { post, token, call } = await simulated();
    const accessToken = await token();

    await post('/control/faults', { rate: 1, kinds: [kind], seed: 7 });

    expect(await call(accessToken, kind === 'timeout' ? 500 : undefined)).toMatchObject(expected);
  });

  it('401 ends the token, and never befalls a new one at once', async () => {
    const { post, token, call } = await simulated();
    const accessToken = await token();
    await post('/control/faults', { rate: 1, kinds: [401], seed: 7 });

    const [first, second] = [await call(accessToken), await call(accessToken)];
    await post('/control/faults', { rate: 0 });

    expect([first.status, second.status]).toEqual([200, 401]);
    expect((await call(accessToken)).status).toBe(401);
  });

  it('403 means a quota, in both of its forms in turn', async () => {
    const { post, token, call } = await simulated();
    const accessToken = await token();
    await post('/control/faults', { rate: 1, kinds: ['403'], seed: 7 });

    const answers = [await call(accessToken), await call(accessToken)];

    expect(answers).toContainEqual({ status: 403, retryAfter: '1' });
    expect(answers).toContainEqual({ status: 403, retryAfter: null });
  });

  it('end with a rate of 0, and come about as often as the rate says', async () => {
    const { get, post, token, call } = await simulated();
    const accessToken = await token();
    await post('/control/faults', { rate: 0.3, kinds: ['500'], seed: 7 });

    const statuses: unknown[] = [];
    for (let at = 0; at < 100; at += 1) statuses.push((await call(accessToken)).status);
    const failed = statuses.filter((status) => status === 500).length;
    await post('/control/faults', { rate: 0 });

    expect(failed).toBeGreaterThan(15);
    expect(failed).toBeLessThan(45);
    expect(await get('/control/faults')).toMatchObject({ rate: 0, counts: { '500': failed } });
    expect((await call(accessToken)).status).toBe(200);
  });
});
