import { createServer, type IncomingMessage, type RequestListener, type Server } from 'node:http';
import { Webhook } from 'standardwebhooks';
import { afterEach, expect, it } from 'vitest';
import { createGuard, type Guard } from '../address/guard.ts';
import { generateSecret } from '../sign/secret.ts';
import { createSend, type Send } from './create-send.ts';

const never = new AbortController().signal;
const secret = generateSecret();
const sent = { id: '0195934f-8ad0-7c3e-9d5a-2f0c6f1b7a90', body: Buffer.from('{"distance":12000}') };
const servers: Server[] = [];
const senders: Send[] = [];

afterEach(async () => {
  await Promise.all(senders.splice(0).map((each) => each.close()));
  for (const server of servers.splice(0)) {
    server.closeAllConnections();
    await new Promise((resolve) => server.close(resolve));
  }
});

async function endpoint(listener: RequestListener, host = '127.0.0.1'): Promise<string> {
  const server = createServer(listener);
  servers.push(server);
  await new Promise<void>((resolve) => server.listen(0, host, resolve));
  const address = server.address();
  return `http://${host}:${typeof address === 'object' ? address?.port : ''}`;
}

function sender(guard: Guard = createGuard(true), timeoutMs = 2_000): Send {
  const made = createSend({ guard, timeoutMs });
  senders.push(made);
  return made;
}

const to = (url: string) => ({ url, secrets: [secret] });

async function textOf(req: IncomingMessage): Promise<string> {
  let text = '';
  for await (const chunk of req) text += chunk;
  return text;
}

/** As loopback, but for one address of it. */
const except = (refused: string): Guard => ({
  ...createGuard(true),
  refusal: (address) => (address === refused ? `${address} is a private address` : undefined),
});

it('posts the event, signed, and takes any 2xx for yes', async () => {
  let verified: unknown;
  const url = await endpoint(async (req, res) => {
    const headers = Object.fromEntries(Object.entries(req.headers).map(([name, value]) => [name, String(value)]));
    verified = new Webhook(secret).verify(await textOf(req), headers);
    res.writeHead(202).end('thanks\u001b[31m\n');
  });

  const attempt = await sender().send(to(url), sent, never);

  expect(attempt).toMatchObject({ status: 202, error: undefined, response: 'thanks [31m', isGone: false });
  expect(verified).toEqual({ distance: 12000 });
});

it('says what an endpoint answered, what it asks to wait, and that it is gone', async () => {
  const url = await endpoint((req, res) => {
    if (req.url === '/gone') res.writeHead(410).end();
    else if (req.url === '/date')
      res.writeHead(503, { 'retry-after': new Date(Date.now() + 60_000).toUTCString() }).end();
    else res.writeHead(429, { 'retry-after': '7' }).end('slow down');
  });
  const { send } = sender();

  expect(await send(to(url), sent, never)).toMatchObject({ error: 'answered 429', retryAfterMs: 7_000, status: 429 });
  expect(await send(to(`${url}/gone`), sent, never)).toMatchObject({ error: 'answered 410', isGone: true });
  const dated = await send(to(`${url}/date`), sent, never);
  expect(dated?.retryAfterMs).toBeGreaterThan(57_000);
});

it('ends a try that hangs, before or in the answer, and one that is called off', async () => {
  const url = await endpoint((req, res) => {
    if (req.url === '/half') res.writeHead(200).write('half');
  });
  const { send } = sender(createGuard(true), 300);
  const called = new AbortController();
  const off = send(to(url), sent, called.signal);
  called.abort();

  expect(await off).toBeUndefined();
  expect(await send(to(url), sent, never)).toMatchObject({ error: 'did not answer within 0.3 s' });
  expect(await send(to(`${url}/half`), sent, never)).toMatchObject({ error: 'did not answer within 0.3 s' });
});

it('reads no more of an answer than it needs', async () => {
  const url = await endpoint((req, res) => {
    if (req.url === '/headers') res.writeHead(200, { padding: 'x'.repeat(30_000) }).end();
    else {
      const more = () => {
        while (!res.destroyed && res.write('x'.repeat(10_000)));
      };
      res.on('drain', more);
      more();
    }
  });
  const { send } = sender();

  const attempt = await send(to(url), sent, never);
  expect(attempt).toMatchObject({ status: 200, error: undefined });
  expect(attempt?.response).toHaveLength(500);
  expect(await send(to(`${url}/headers`), sent, never)).toMatchObject({ error: 'its answer has too large headers' });
});

it('follows redirects that keep the body, each to an address that is allowed', async () => {
  const bodies: string[] = [];
  const hidden = await endpoint((_req, res) => res.end(), '127.0.0.2');
  const url = await endpoint(async (req, res) => {
    const text = await textOf(req);
    const location = { '/once': '/end', '/twice': '/once', '/loop': '/loop', '/private': hidden, '/get': '/end' };
    const [, where] = Object.entries(location).find(([path]) => path === req.url) ?? [];
    if (where === undefined) bodies.push(text);
    if (where === undefined) res.end();
    else res.writeHead(req.url === '/get' ? 302 : 307, { location: where }).end();
  });
  const { send } = sender(except('127.0.0.2'));

  expect(await send(to(`${url}/twice`), sent, never)).toMatchObject({ status: 200, error: undefined });
  expect(bodies).toEqual(['{"distance":12000}']);
  expect((await send(to(`${url}/loop`), sent, never))?.error).toBe(
    'answered 307: more than 3 redirects are not followed',
  );
  expect((await send(to(`${url}/get`), sent, never))?.error).toMatch(/only the redirects 307 and 308/);
  expect((await send(to(`${url}/private`), sent, never))?.error).toMatch(/127\.0\.0\.2 is a private address/);
  expect(bodies).toHaveLength(1);
});

it('connects to no private address, by whatever way it is named', async () => {
  let calls = 0;
  const url = await endpoint((_req, res) => {
    calls += 1;
    res.end();
  });
  const { port } = new URL(url);
  const resolve = async () => [{ address: '127.0.0.1', family: 4 }];
  const { send } = sender(createGuard(false, resolve));

  for (const host of ['127.0.0.1', '[::ffff:127.0.0.1]', '[::1]', '0x7f000001', 'rebinds.example'])
    expect((await send(to(`http://${host}:${port}`), sent, never))?.error).toMatch(/is a private address/);
  expect(calls).toBe(0);
});

it('asks about the address that it is connected to, whatever was said of the name before', async () => {
  let [asked, calls] = [0, 0];
  const url = await endpoint((_req, res) => {
    calls += 1;
    res.end();
  });
  const flips: Guard = {
    resolve: async () => [{ address: '127.0.0.1', family: 4 }],
    refusal(address) {
      asked += 1;
      return asked === 1 ? undefined : `${address} is a private address`;
    },
  };

  const attempt = await sender(flips).send(to(`http://rebinds.example:${new URL(url).port}`), sent, never);

  expect(attempt?.error).toBe('127.0.0.1 is a private address');
  expect(calls).toBe(0);
});
