import { text } from 'node:stream/consumers';
import { capturedLog } from '@millrace/testing/captured-log';
import { serveForTest } from '@millrace/testing/serve-for-test';
import { waitUntil } from '@millrace/testing/wait-until';
import { describe, expect, it, onTestFinished } from 'vitest';
import { createRelayToken } from './relay-token.ts';
import { runRelay } from './run-relay.ts';

type Seen = { readonly authorization: string | undefined; readonly key: unknown; readonly body: string };

/** A token endpoint and a target on one server; the target answers what is left of a list of statuses, then 201. */
async function startRelay({
  statuses = [],
  expiresIn = 3_600,
}: {
  readonly statuses?: number[];
  readonly expiresIn?: number;
}) {
  const forms: URLSearchParams[] = [];
  const seen: Seen[] = [];
  const { log, lines } = capturedLog();
  const url = await serveForTest(async (req, res) => {
    const body = await text(req);
    if (req.url === '/token') {
      forms.push(new URLSearchParams(body));
      const granted = {
        access_token: `access-${forms.length}-canary`,
        refresh_token: `refresh-${forms.length}-canary`,
      };
      res.writeHead(200, { 'content-type': 'application/json' });
      return void res.end(JSON.stringify({ ...granted, token_type: 'Bearer', expires_in: expiresIn }));
    }
    seen.push({ authorization: req.headers.authorization, key: req.headers['idempotency-key'], body });
    const status = statuses.shift() ?? 201;
    res.writeHead(status, status === 429 ? { 'retry-after': '0' } : {}).end('{"why": "because"}');
  });
  const stop = new AbortController();
  const token = createRelayToken({ url: `${url}/token`, username: 'relay', password: 'password-canary' });
  const objects = [{ at: 'entry 1', body: '{"a":1}' }];
  const running = runRelay({
    ...{ url: `${url}/event`, objects, token, log },
    intervalMs: 5,
    signal: stop.signal,
    longestPauseMs: 20,
  });
  onTestFinished(async () => {
    stop.abort();
    await running;
  });
  return { forms, seen, lines };
}

const until = (seen: readonly Seen[], count: number) =>
  waitUntil(
    async () => seen.length,
    (length) => length >= count,
  );

describe('the relay', () => {
  it('posts with a token that it got by a form, and refreshes it before its end', async () => {
    const { forms, seen } = await startRelay({ expiresIn: 0.05 });

    await until(seen, 30);

    expect(Object.fromEntries(forms[0] ?? [])).toEqual({
      grant_type: 'password',
      username: 'relay',
      password: 'password-canary',
    });
    expect(Object.fromEntries(forms[1] ?? [])).toEqual({
      grant_type: 'refresh_token',
      refresh_token: 'refresh-1-canary',
    });
    expect(seen[0]).toMatchObject({ authorization: 'Bearer access-1-canary', body: '{"a":1}' });
    expect(new Set(seen.map(({ key }) => key)).size).toBe(seen.length);
  });

  it('waits an outage out with the same object and key, and says so', async () => {
    const { seen, lines } = await startRelay({ statuses: [503, 429, 500, 201] });

    await until(seen, 5);

    expect(new Set(seen.slice(0, 4).map(({ key }) => key)).size).toBe(1);
    expect(seen[4]?.key).not.toBe(seen[0]?.key);
    const messages = lines.map(({ msg }) => msg);
    expect(messages.filter((msg) => msg === 'not sent yet, trying again')).toHaveLength(3);
    expect(messages).toContain('sent again');
  });

  it('gets another token when one is refused, and keeps to itself what is secret', async () => {
    const { seen, forms, lines } = await startRelay({ statuses: [401, 201, 400] });

    await until(seen, 4);

    expect(seen[1]).toMatchObject({ authorization: 'Bearer access-2-canary', key: seen[0]?.key });
    expect(forms).toHaveLength(2);
    expect(lines).toContainEqual(
      expect.objectContaining({ level: 'error', status: 400, at: 'entry 1', answer: '{"why": "because"}' }),
    );
    expect(JSON.stringify(lines)).not.toContain('canary');
  });
});
