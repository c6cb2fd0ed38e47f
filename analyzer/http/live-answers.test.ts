import { createConnection } from 'node:net';
import { waitUntil } from '@millrace/testing/wait-until';
import { expect, it, onTestFinished } from 'vitest';
import { serveRoutes } from '../test/serve-routes.ts';
import { createLiveAnswers } from './live-answers.ts';

const MOST_FOLLOWERS = 100;

/** An answer that counts how often it was asked for; `version` says whether it has changed. */
async function served(body: () => unknown = () => '') {
  const state = { version: 0, looks: 0, asked: 0 };
  const live = createLiveAnswers({
    version() {
      state.looks += 1;
      return String(state.version);
    },
    async answer() {
      state.asked += 1;
      return body();
    },
  });
  const url = await serveRoutes([
    { method: 'get', path: '/live', access: 'public', handler: (req, res) => live.follow(req, res) },
  ]);
  onTestFinished(() => live.close());
  return { state, url: `${url}/live` };
}

async function follow(url: string) {
  const stop = new AbortController();
  onTestFinished(() => stop.abort());
  const response = await fetch(url, { signal: stop.signal });
  const reader = response.body?.pipeThrough(new TextDecoderStream()).getReader();
  return { status: response.status, next: async () => (await reader?.read())?.value, stop: () => stop.abort() };
}

it('sends an event for each change, and nothing while there is none', async () => {
  const { state, url } = await served(() => ({ version: state.version, asked: state.asked }));
  const page = await follow(url);
  const events: unknown[] = [];

  for (; state.version < 3; state.version += 1) events.push(await page.next());

  expect(events).toEqual([0, 1, 2].map((n) => `event: stats\ndata: {"version":${n},"asked":${n + 1}}\n\n`));
});

it('computes a change once, however many pages follow', async () => {
  const { state, url } = await served(() => state.version);
  const pages = await Promise.all(Array.from({ length: MOST_FOLLOWERS }, () => follow(url)));
  const before = await Promise.all(pages.map((page) => page.next()));

  state.version = 1;
  const after = await Promise.all(pages.map((page) => page.next()));

  expect(new Set(before)).toEqual(new Set(['event: stats\ndata: 0\n\n']));
  expect(new Set(after)).toEqual(new Set(['event: stats\ndata: 1\n\n']));
  expect(state.asked).toBe(2);
});

it('has room for another page as soon as one is gone', async () => {
  const { url } = await served();
  const pages = await Promise.all(Array.from({ length: MOST_FOLLOWERS }, () => follow(url)));

  const refused = await fetch(url);
  for (const page of pages) page.stop();
  const accepted = await waitUntil(
    async () => (await follow(url)).status,
    (status) => status === 200,
  );

  expect([refused.status, refused.headers.get('retry-after')]).toEqual([503, '10']);
  expect(accepted).toBe(200);
});

it('answers HEAD with headers alone: it holds no connection and takes no place', async () => {
  const { state, url } = await served();

  for (let n = 0; n < MOST_FOLLOWERS + 1; n += 1) {
    const { status, headers } = await fetch(url, { method: 'HEAD' });
    expect([status, headers.get('content-type')]).toEqual([200, expect.stringMatching('^text/event-stream')]);
  }

  expect((await follow(url)).status).toBe(200);
  expect(state.asked).toBeLessThanOrEqual(1);
});

it('computes nothing while no page has taken what it was sent', async () => {
  const { state, url } = await served(() => 'x'.repeat(64 * 1024 * 1024));
  const { hostname, port, pathname } = new URL(url);
  const socket = createConnection(Number(port), hostname).pause();
  onTestFinished(() => void socket.destroy());
  socket.write(`GET ${pathname} HTTP/1.1\r\nhost: ${hostname}\r\n\r\n`);
  await waitUntil(
    async () => state.asked,
    (asked) => asked === 1,
  );

  state.version = 1;
  const { looks } = state;
  await waitUntil(
    async () => state.looks,
    (now) => now >= looks + 3,
  );
  const whileStuck = state.asked;
  socket.resume();
  await waitUntil(
    async () => state.asked,
    (asked) => asked === 2,
  );

  expect(whileStuck).toBe(1);
});
