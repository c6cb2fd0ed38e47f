import { readFile } from 'node:fs/promises';
import { createServer as createTlsServer } from 'node:https';
import { createServer, type Server, type Socket } from 'node:net';
import { join } from 'node:path';
import { gzipSync } from 'node:zlib';
import { afterEach, expect, it } from 'vitest';
import { createGuard } from '../address/guard.ts';
import { generateSecret } from '../sign/secret.ts';
import type { Attempt } from './attempt.ts';
import { createSend } from './create-send.ts';

const TIMEOUT_MS = 400;
const never = new AbortController().signal;
const sent = { id: '0195934f-8ad0-7c3e-9d5a-2f0c6f1b7a90', body: Buffer.from('{"distance":12000}') };
const opened: { close(): Promise<void> }[] = [];
afterEach(async () => {
  for (const each of opened.splice(0)) await each.close();
});

/** What comes of a call to an endpoint that says this to each connection, whatever it is asked. */
async function attempt(say: (socket: Socket) => void, scheme = 'http'): Promise<Attempt | undefined> {
  const sockets = new Set<Socket>();
  const server: Server = createServer((socket) => {
    sockets.add(socket.on('error', () => undefined));
    socket.once('data', () => say(socket));
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const address = server.address();
  const { send, close } = createSend({ guard: createGuard(true), timeoutMs: TIMEOUT_MS });
  opened.push({
    async close() {
      await close();
      for (const socket of sockets) socket.destroy();
      await new Promise((resolve) => server.close(resolve));
    },
  });
  const port = typeof address === 'object' ? address?.port : '';
  return send({ url: `${scheme}://127.0.0.1:${port}/`, secrets: [generateSecret()] }, sent, never);
}

/** Says a text again and again for as long as it is listened to. */
function repeat(socket: Socket, text: string): void {
  const timer = setInterval(() => socket.write(text), 5);
  socket.once('close', () => clearInterval(timer));
}

const LATE = `did not answer within ${TIMEOUT_MS / 1_000} s`;
const OK = 'HTTP/1.1 200 OK\r\n';

it.each<[string, (socket: Socket) => void, string | RegExp]>([
  [
    'sends headers without an end, slowly',
    (socket) => {
      socket.write(OK);
      repeat(socket, 'x: 1\r\n');
    },
    LATE,
  ],
  [
    'sends a status and headers without an end',
    (socket) => {
      socket.write(OK);
      repeat(socket, `x: ${'y'.repeat(4_000)}\r\n`);
    },
    'its answer has too large headers',
  ],
  ['sends interim answers without an end', (socket) => repeat(socket, 'HTTP/1.1 103 Early Hints\r\n\r\n'), LATE],
  [
    'sends a body byte by byte without an end',
    (socket) => {
      socket.write(`${OK}transfer-encoding: chunked\r\n\r\n`);
      repeat(socket, '1\r\nx\r\n');
    },
    LATE,
  ],
  ['speaks no HTTP', (socket) => socket.end('220 smtp.example ready\r\n'), /HTTP/],
  ['says nothing and hangs up', (socket) => socket.end(), 'broke the connection off'],
  ['breaks off in its body', (socket) => socket.end(`${OK}content-length: 10\r\n\r\nhalf`), /broke the connection off/],
  [
    'has two lengths',
    (socket) => socket.end(`${OK}content-length: 1\r\ncontent-length: 2\r\n\r\nx`),
    /content-length/i,
  ],
])('an endpoint that %s is an attempt in vain', async (_, say, error) => {
  const began = performance.now();

  const found = await attempt(say);

  expect(found?.error).toEqual(typeof error === 'string' ? error : expect.stringMatching(error));
  expect(found?.error).not.toMatch(/\p{C}/u);
  expect(performance.now() - began).toBeLessThan(TIMEOUT_MS + 1_500);
});

it('an endpoint without TLS behind https:// is an attempt in vain', async () => {
  const found = await attempt((socket) => socket.end(`${OK}\r\n`), 'https');

  expect(found?.error).toMatch(/ssl|tls|wrong version|packet length/i);
  expect(found?.error).not.toMatch(/\p{C}/u);
});

it('an endpoint whose certificate nobody vouches for is an attempt in vain, and gets nothing of the event', async () => {
  const pem = await readFile(join(import.meta.dirname, '../../test/fixtures/self-signed.pem'));
  let requests = 0;
  const server = createTlsServer({ key: pem, cert: pem }, (_, res) => {
    requests += 1;
    res.end();
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const address = server.address();
  const { send, close } = createSend({ guard: createGuard(true), timeoutMs: 5_000 });
  const url = `https://127.0.0.1:${typeof address === 'object' ? address?.port : ''}/`;

  const found = await send({ url, secrets: [generateSecret()] }, sent, never);

  await close();
  server.closeAllConnections();
  await new Promise((resolve) => server.close(resolve));
  expect(found?.error).toMatch(/self-signed certificate/);
  expect(requests).toBe(0);
});

it('an answer that would be very large once unpacked is taken as the bytes that it is', async () => {
  const bomb = gzipSync(Buffer.alloc(20_000_000));

  const found = await attempt((socket) => {
    socket.write(`${OK}content-encoding: gzip\r\ncontent-length: ${bomb.length}\r\n\r\n`);
    socket.end(bomb);
  });

  expect(found).toMatchObject({ status: 200, error: undefined });
  expect(found?.response).toBeDefined();
});
