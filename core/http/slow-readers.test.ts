import { once } from 'node:events';
import type { RequestListener } from 'node:http';
import { connect } from 'node:net';
import { silentLog } from '@millrace/testing/serve-for-test';
import { expect, it, onTestFinished } from 'vitest';
import { type ConnectionLimits, serveHttp } from './serve-http.ts';
import { untilDrained } from './until-drained.ts';

const PIECE = Buffer.alloc(100_000, 'x');
const PIECES = 300;
const LIMITS = { checkEveryMs: 20, paceWindowMs: 200, minReadBytesPerSecond: 1_000_000 };

/** Answers with more than the system keeps for a client that does not read; says how many pieces were taken. */
async function serve(limits: Partial<ConnectionLimits>) {
  const ends: number[] = [];
  const listener: RequestListener = async (_req, res) => {
    let sent = 0;
    for (; sent < PIECES && !res.closed; sent += 1) if (!res.write(PIECE)) await untilDrained(res);
    if (!res.closed) res.end();
    ends.push(sent);
  };
  const server = await serveHttp({ host: '127.0.0.1', port: 0, name: 'test', log: silentLog, limits }, listener);
  onTestFinished(() => server.close());
  const socket = connect(server.port, '127.0.0.1');
  socket.on('error', () => undefined);
  onTestFinished(() => void socket.destroy());
  await once(socket, 'connect');
  return { socket, ends };
}

it('a client that asks and does not read is cut, and what it held is free again', async () => {
  const { socket, ends } = await serve(LIMITS);

  socket.pause();
  socket.write('GET / HTTP/1.1\r\nHost: localhost\r\n\r\n');

  await expect.poll(() => ends.length, { timeout: 10_000 }).toBe(1);
  expect(ends[0]).toBeLessThan(PIECES);
});

it('a client that reads slowly, but reads, gets its whole answer', async () => {
  const { socket, ends } = await serve(LIMITS);
  let received = 0;
  socket.on('data', (chunk) => {
    received += chunk.length;
    socket.pause();
    setTimeout(() => socket.resume(), 2);
  });

  socket.write('GET / HTTP/1.1\r\nHost: localhost\r\nConnection: close\r\n\r\n');
  await once(socket, 'close');

  expect(ends).toEqual([PIECES]);
  expect(received).toBeGreaterThan(PIECES * PIECE.length);
});

it('a connection on which nothing waits is left alone', async () => {
  const { socket, ends } = await serve({ ...LIMITS, paceWindowMs: 20 });
  socket.resume();
  socket.write('GET / HTTP/1.1\r\nHost: localhost\r\n\r\n');
  await expect.poll(() => ends.length).toBe(1);

  await new Promise((resolve) => setTimeout(resolve, 200));

  expect(socket.closed).toBe(false);
});
