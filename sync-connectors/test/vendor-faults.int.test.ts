import { ask } from '@millrace/testing/ask';
import type { RunningService } from '@millrace/testing/start-service';
import { waitUntil } from '@millrace/testing/wait-until';
import { afterAll, beforeAll, beforeEach, describe, expect, inject, it } from 'vitest';
import { ended, idOf, openTestBed, runOf, sync, type TestBed } from './test-bed.ts';

let bed: TestBed;
let service: RunningService;

const SECRET = 'a-canary-that-nobody-sees';

beforeAll(async () => {
  bed = await openTestBed(inject('stack'));
  service = await bed.startSync({
    ...{ VENDOR_SECRET: SECRET, SYNC_BREAKER_SECONDS: '1', CALL_ATTEMPTS: '3', LOG_LEVEL: 'trace' },
  });
});
afterAll(() => bed?.close());
beforeEach(() => bed.vendor.clear());

async function metric(name: string) {
  const text = await (await fetch(`${service.url}/metrics`)).text();
  return text.split('\n').find((line) => line.startsWith(name));
}

describe('a vendor that does not answer', () => {
  it('is left alone after five calls in vain, and asked again later', async () => {
    bed.vendor.fill(10);
    bed.vendor.behave({ failFrom: 0, status: 503 });
    const first = await sync(service.url);
    const second = await sync(service.url);
    const calls = bed.vendor.calls.length;
    const open = await metric('millrace_sync_breaker_open');
    bed.vendor.behave();
    const back = await waitUntil(
      () => sync(service.url),
      ({ state }) => state === 'succeeded',
      { withinMs: 10_000 },
    );

    expect(first).toMatchObject({ state: 'failed', entities: [{ message: expect.stringContaining('answered 503') }] });
    expect(second.entities[0]?.message).toContain('left alone');
    expect(calls).toBe(5);
    expect(open).toMatch(/ 1$/);
    expect(back.entities[0]).toMatchObject({ read: 10, complete: true });
    expect(await metric('millrace_sync_breaker_open')).toMatch(/ 0$/);
  });

  it('is waited for where it says for how long', async () => {
    bed.vendor.fill(10);
    bed.vendor.behave({ failFrom: 0, status: 429, headers: { 'retry-after': '1' } });
    const id = idOf(await ask(`${service.url}/sync/vendor`, 'POST', { entities: ['customers'] }));
    await waitUntil(
      async () => bed.vendor.calls.length,
      (calls) => calls > 0,
    );
    bed.vendor.behave();
    const run = await ended(service.url, id);

    expect(run).toMatchObject({ state: 'succeeded', entities: [{ read: 10 }] });
    const [first, second] = bed.vendor.calls;
    expect((second?.at ?? 0) - (first?.at ?? 0)).toBeGreaterThan(950);
  });

  it('ends the read where it asks for more than a run waits', async () => {
    bed.vendor.behave({ failFrom: 0, status: 429, headers: { 'retry-after': '86400' } });

    const run = await sync(service.url);

    expect(run.entities[0]?.message).toContain('throttled: ');
    expect(run.entities[0]?.message).toContain('asks to wait for 86400 s');
  });

  it('holds nothing else up while it is slow', async () => {
    const until = new Promise<void>((resolve) => setTimeout(resolve, 60_000).unref());
    bed.vendor.behave({ until });
    const id = idOf(await ask(`${service.url}/sync/vendor`, 'POST', {}));
    const began = performance.now();
    for (const path of ['/healthz', '/readyz', '/', '/sync/runs', '/sync/connectors'])
      expect((await ask(service.url + path)).status).toBe(200);
    const took = performance.now() - began;
    const running = await runOf(service.url, id);
    await ask(`${service.url}/sync/runs/${id}/cancel`, 'POST');

    expect(took).toBeLessThan(3_000);
    expect(running.state).toBe('running');
    expect((await ended(service.url, id, 2_000)).state).toBe('cancelled');
  });
});

describe('a secret', () => {
  it('is in no log, metric, run, rejection, check or answer', async () => {
    bed.vendor.fill(60);
    bed.vendor.put('id-00001', { name: 'unreadable' });
    const runs = [await sync(service.url)];
    bed.vendor.behave({ failFrom: 1, status: 404 });
    runs.push(await sync(service.url));
    bed.vendor.behave({ failFrom: 0, status: 500 });
    runs.push(await sync(service.url));
    const answers = await Promise.all(
      [
        ask(`${service.url}/sync/connectors/vendor/check`, 'POST'),
        ask(`${service.url}/sync/connectors`),
        ask(`${service.url}/sync/runs?limit=1000`),
        ...runs.map(({ run_id: id }) => ask(`${service.url}/sync/runs/${id}/rejections`)),
      ].map(async (asked) => (await asked).body),
    );
    const metrics = await (await fetch(`${service.url}/metrics`)).text();

    const shown = JSON.stringify([answers, service.lines]) + metrics;
    expect(runs[1]?.entities[0]).toMatchObject({
      state: 'partial',
      message: 'the connector failed; the log has the reason',
    });
    expect(shown).toContain('[hidden]');
    expect(shown).toContain('the bug of a connector');
    expect(shown).not.toContain(SECRET);
    expect(shown).not.toContain('the secret of the vendor');
  });
});
