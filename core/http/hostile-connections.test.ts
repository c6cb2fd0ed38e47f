import type { RequestListener } from 'node:http';
import { parseAnswer, type RawAnswer, type RawSocket, rawSocket } from '@millrace/testing/raw-socket';
import { silentLog } from '@millrace/testing/serve-for-test';
import { describe, expect, it, onTestFinished, vi } from 'vitest';
import { createMetrics } from '../metrics/create-metrics.ts';
import { problemOf } from '../problem/problem-of.ts';
import { traceOf } from '../trace/trace-context.ts';
import { createAnswerError } from './answer-error.ts';
import { guardRequests } from './guard-requests.ts';
import { ownHosts } from './is-own-host.ts';
import { sendProblem } from './problem-response.ts';
import { readBody } from './read-body.ts';
import { securityHeaders } from './security-headers.ts';
import { type ConnectionLimits, serveHttp } from './serve-http.ts';

const LIMIT_BYTES = 1_000_000;

/** Answers with the size of a body, behind the guard that every service has. */
async function serve(limits: Partial<ConnectionLimits> = {}) {
  const outcomes: string[] = [];
  const listener: RequestListener = (req, res) => {
    readBody(req, { limitBytes: LIMIT_BYTES }).then(
      (body) => res.end(String(body.length)),
      (error: unknown) => {
        outcomes.push(problemOf(error).code);
        sendProblem(res, error, traceOf(undefined).traceparent);
      },
    );
  };
  const guard = { log: silentLog, metrics: createMetrics('test'), answerError: createAnswerError(silentLog) };
  const guarded = guardRequests({ ...guard, isOwnHost: ownHosts([]) }, listener);
  const server = await serveHttp({ host: '127.0.0.1', port: 0, name: 'test', log: silentLog, limits }, guarded);
  onTestFinished(() => server.close());
  return { url: server.url, outcomes };
}

/** Sends, and answers what came back until the server closed. */
async function ask(url: string, text: string | Uint8Array) {
  const socket = await rawSocket(url);
  socket.send(text);
  return parseAnswer(await socket.received);
}

function expectProblem(answer: RawAnswer, status: number, code: string) {
  expect(answer.status).toBe(status);
  expect(answer.headers).toMatchObject({ ...securityHeaders, 'content-type': 'application/problem+json' });
  expect(answer.headers.traceparent).toContain(JSON.parse(answer.body).trace_id);
  expect(JSON.parse(answer.body).code).toBe(code);
}

const head = (lines: readonly string[]) => `${['POST / HTTP/1.1', 'Host: localhost', ...lines].join('\r\n')}\r\n\r\n`;
const soon = { checkEveryMs: 20 };

describe('a connection that is silent or slow', () => {
  it('is closed when it never sends a byte', async () => {
    const { url } = await serve({ ...soon, headersMs: 100 });

    const silent = await rawSocket(url);

    expectProblem(parseAnswer(await silent.received), 408, 'request-timeout');
  });

  it('is closed when its headers never end', async () => {
    const { url } = await serve({ ...soon, headersMs: 100 });

    expectProblem(await ask(url, 'GET / HTTP/1.1\r\nHost: loc'), 408, 'request-timeout');
  });

  it('is answered 408 when its body stalls, also after other requests, and its handler gets to know', async () => {
    const { url, outcomes } = await serve({ ...soon, paceWindowMs: 100 });

    const answer = await ask(url, head(['Content-Length: 500000']) + 'x'.repeat(400_000));

    expectProblem(answer, 408, 'request-timeout');
    expect(answer.headers.connection).toBe('close');
    await vi.waitFor(() => expect(outcomes).toEqual(['request-aborted']));
  });

  it('is answered 408 when its body trickles', async () => {
    const { url } = await serve({ ...soon, paceWindowMs: 200 });
    const socket = await rawSocket(url);
    socket.send(head(['Content-Length: 5000']));

    const drip = setInterval(() => socket.send('x'), 10);
    const answer = parseAnswer(await socket.received);
    clearInterval(drip);

    expectProblem(answer, 408, 'request-timeout');
  });

  it('is answered 408 when the whole takes too long', async () => {
    const { url } = await serve({ ...soon, headersMs: 100, requestMs: 200, minBytesPerSecond: 0 });

    expectProblem(await ask(url, head(['Content-Length: 10'])), 408, 'request-timeout');
  });

  it('is left alone while it is fast enough, and while it is idle between requests', async () => {
    const { url } = await serve({ ...soon, paceWindowMs: 50 });
    const socket = await rawSocket(url);
    const pieces = Array.from({ length: 10 }, () => 'x'.repeat(5_000));

    socket.send(head([`Content-Length: ${pieces.join('').length}`]));
    for (const piece of pieces) {
      await new Promise((resolve) => setTimeout(resolve, 20));
      socket.send(piece);
    }
    await new Promise((resolve) => setTimeout(resolve, 200));
    socket.send(head(['Content-Length: 3', 'Connection: close']));
    socket.send('abc');

    expect(await socket.received).toMatch(/^HTTP\/1.1 200[\s\S]*\r\n\r\n50000HTTP\/1.1 200[\s\S]*\r\n\r\n3$/);
  });
});

describe('a request that is not well-formed', () => {
  it.each([
    ['is no HTTP', 'hello\r\n\r\n', 400, 'malformed-request'],
    ['has a header without a name', head([': x']), 400, 'malformed-request'],
    ['has a length that is no number', head(['Content-Length: ten']), 400, 'malformed-request'],
    ['has both lengths', head(['Content-Length: 3', 'Transfer-Encoding: chunked']), 400, 'malformed-request'],
    ['has a chunk that is none', `${head(['Transfer-Encoding: chunked'])}zz\r\n`, 400, 'malformed-request'],
    ['has two lengths', head(['Content-Length: 3', 'Content-Length: 4']), 400, 'malformed-request'],
    ['has two codings', head(['Transfer-Encoding: chunked', 'Transfer-Encoding: x']), 400, 'malformed-request'],
    ['has a folded header', head(['X: a', ' b']), 400, 'malformed-request'],
    ['has a bare CR in a header', head(['X: a\rY: b']), 400, 'malformed-request'],
    ['has a space before a colon', head(['Content-Length : 3']), 400, 'malformed-request'],
    ['has two Hosts', head(['host: localhost', 'Connection: close']), 400, 'malformed-request'],
    ['has two tokens', head(['Authorization: Bearer a', 'authorization: Bearer b']), 400, 'malformed-request'],
    ['has no Host', 'GET / HTTP/1.1\r\n\r\n', 400, 'malformed-request'],
    ['has large headers', head([`X: ${'x'.repeat(20_000)}`]), 431, 'headers-too-large'],
    ['has many headers', head(Array.from({ length: 1_001 }, (_, n) => `a${n}: b`)), 431, 'headers-too-large'],
    ['expects what nobody knows', head(['Expect: wonders', 'Connection: close']), 417, 'expectation-failed'],
  ])('%s', async (_, text, status, code) => {
    const { url } = await serve();

    expectProblem(await ask(url, text), status, code);
  });

  it('is answered under its trace when it breaks in the middle of a body', async () => {
    const { url } = await serve();
    const trace = '4bf92f3577b34da6a3ce929d0e0e4736';

    const answer = await ask(
      url,
      `${head(['Transfer-Encoding: chunked', `traceparent: 00-${trace}-00f067aa0ba902b7-01`])}3\r\nabc\r\nzz\r\n`,
    );

    expectProblem(answer, 400, 'malformed-request');
    expect(answer.headers.traceparent).toContain(trace);
  });

  it('may have as many headers as are counted, the last of them read', async () => {
    const { url } = await serve();
    const many = Array.from({ length: 995 }, (_, n) => `a${n}: b`);

    expect((await ask(url, `${head([...many, 'Connection: close', 'Content-Length: 2'])}ab`)).body).toBe('2');
  });
});

describe('a name that is not the service’s', () => {
  it.each([
    ['in Host', 'GET / HTTP/1.1\r\nHost: evil.example\r\nConnection: close\r\n\r\n'],
    ['in the target', 'GET http://evil.example/ HTTP/1.1\r\nHost: localhost\r\nConnection: close\r\n\r\n'],
  ])('is answered 421, %s', async (_, text) => {
    const { url } = await serve();

    expectProblem(await ask(url, text), 421, 'misdirected-request');
  });

  it.each([
    ['a loopback name', 'GET / HTTP/1.1\r\nHost: localhost:8081\r\nConnection: close\r\n\r\n'],
    ['a target with one', 'GET http://127.0.0.1/ HTTP/1.1\r\nHost: localhost\r\nConnection: close\r\n\r\n'],
    ['HTTP/1.0 without a name', 'GET / HTTP/1.0\r\n\r\n'],
  ])('is not %s', async (_, text) => {
    const { url } = await serve();

    expect((await ask(url, text)).status).toBe(200);
  });
});

describe('an answer before the body has come', () => {
  const sent = 6_000_000;

  it.each([
    ['with its length', [`Content-Length: ${sent}`], (body: string) => body],
    ['in chunks', ['Transfer-Encoding: chunked'], (body: string) => `${sent.toString(16)}\r\n${body}\r\n0\r\n\r\n`],
  ])('arrives although the client keeps sending, %s, and the connection is to close', async (_, lines, format) => {
    const { url } = await serve();

    const answers = await Promise.all(
      Array.from({ length: 10 }, () => ask(url, head([...lines, 'Connection: close']) + format('x'.repeat(sent)))),
    );

    for (const answer of answers) expectProblem(answer, 413, 'body-too-large');
  });

  it('ends the connection of a client that does not stop', async () => {
    const { url } = await serve();
    const socket: RawSocket = await rawSocket(url);
    socket.send(head(['Transfer-Encoding: chunked', 'Connection: close']));
    const chunk = Buffer.from(`${(1_000_000).toString(16)}\r\n${'x'.repeat(1_000_000)}\r\n`);

    const flood = setInterval(() => socket.send(chunk), 5);
    const end = await socket.received.catch(() => 'reset');
    clearInterval(flood);

    expect(end).toMatch(/^reset$|413/);
  });
});
