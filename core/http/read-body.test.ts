import { EventEmitter, once } from 'node:events';
import { request } from 'node:http';
import { promisify } from 'node:util';
import { brotliCompressSync, deflateSync, gzipSync } from 'node:zlib';
import { serveForTest } from '@millrace/testing/serve-for-test';
import { describe, expect, it } from 'vitest';
import { problemOf } from '../problem/problem-of.ts';
import { readBody } from './read-body.ts';

const LIMIT = 1000;

/** Answers a POST with its own body, or with the code of the problem that reading it was. */
const serveEcho = (onDone: (outcome: string) => void = () => {}) =>
  serveForTest(async (req, res) => {
    const outcome = await readBody(req, { limitBytes: LIMIT }).then(String, (error: unknown) => {
      const problem = problemOf(error);
      res.writeHead(problem.status, problem.headers);
      return problem.code;
    });
    res.end(outcome);
    onDone(outcome);
  });

async function post(url: string, body: Uint8Array | string, headers: Record<string, string> = {}) {
  const response = await fetch(url, { method: 'POST', body, headers });
  return { status: response.status, text: await response.text(), headers: response.headers };
}

const encodings = [
  ['gzip', gzipSync],
  ['x-gzip', gzipSync],
  ['deflate', deflateSync],
  ['br', brotliCompressSync],
] as const;

describe('readBody', () => {
  it('answers the bytes as sent, in one piece or many, and an empty body as empty', async () => {
    const url = await serveEcho();

    expect(await post(url, 'héllo')).toMatchObject({ status: 200, text: 'héllo' });
    expect(await post(url, '')).toMatchObject({ status: 200, text: '' });
    const req = request(url, { method: 'POST' });
    const write = promisify<string, void>((text, done) => req.write(text, done));
    await write('one ');
    await write('two');
    req.end();
    const [res] = await once(req, 'response');
    expect(String(await res.toArray())).toBe('one two');
  });

  it('takes exactly the limit and refuses a byte more by its Content-Length', async () => {
    const url = await serveEcho();

    expect((await post(url, 'x'.repeat(LIMIT))).status).toBe(200);
    expect(await post(url, 'x'.repeat(LIMIT + 1))).toMatchObject({ status: 413, text: 'body-too-large' });
  });

  it('refuses a body without Content-Length once it is over the limit, and keeps serving the connection', async () => {
    const url = await serveEcho();
    const chunked = new ReadableStream({
      start(controller) {
        for (let i = 0; i < 100; i += 1) controller.enqueue(Buffer.alloc(LIMIT));
        controller.close();
      },
    });

    const response = await fetch(url, { method: 'POST', body: chunked, duplex: 'half' });

    expect(response.status).toBe(413);
    expect((await post(url, 'next')).text).toBe('next');
  });

  it.each(encodings)('inflates %s', async (encoding, compress) => {
    const url = await serveEcho();

    expect(await post(url, compress('a'.repeat(LIMIT)), { 'content-encoding': encoding })).toMatchObject({
      status: 200,
      text: 'a'.repeat(LIMIT),
    });
  });

  it.each(encodings)('refuses %s that inflates past the limit', async (encoding, compress) => {
    const url = await serveEcho();
    const bomb = compress('a'.repeat(LIMIT + 1));

    expect(bomb.length).toBeLessThan(LIMIT);
    expect((await post(url, bomb, { 'content-encoding': encoding })).text).toBe('body-too-large');
  });

  it.each(encodings)('refuses %s that is damaged or cut short', async (encoding, compress) => {
    const url = await serveEcho();
    const headers = { 'content-encoding': encoding };

    expect((await post(url, 'not compressed at all', headers)).text).toBe('malformed-body');
    expect((await post(url, compress('some text').subarray(0, -4), headers)).text).toBe('malformed-body');
  });

  it('refuses an encoding it does not know and says which it does', async () => {
    const url = await serveEcho();

    const answer = await post(url, 'x', { 'content-encoding': 'zstd' });

    expect(answer).toMatchObject({ status: 415, text: 'unsupported-media-type' });
    expect(answer.headers.get('accept-encoding')).toBe('gzip, deflate, br');
  });

  it('rejects when the client goes away in the middle', async () => {
    const seen = new EventEmitter();
    const outcome = once(seen, 'outcome');
    const url = await serveEcho((text) => seen.emit('outcome', text));

    const req = request(url, { method: 'POST', headers: { 'content-length': '100' } });
    req.on('error', () => {});
    req.write('only this', () => req.destroy());

    expect(await outcome).toEqual(['request-aborted']);
  });
});
