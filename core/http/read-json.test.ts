import { serveForTest } from '@millrace/testing/serve-for-test';
import { describe, expect, it } from 'vitest';
import { problemOf } from '../problem/problem-of.ts';
import { parseJson, readJson } from './read-json.ts';

async function post(body: string, contentType: string) {
  const url = await serveForTest(async (req, res) => {
    const outcome = await readJson(req, { limitBytes: 100 }).catch((error: unknown) => ({
      code: problemOf(error).code,
    }));
    res.end(JSON.stringify(outcome));
  });
  const response = await fetch(url, { method: 'POST', body, headers: { 'content-type': contentType } });
  return response.json();
}

describe('readJson', () => {
  it.each(['application/json', 'application/json; charset=utf-8', 'Application/JSON', 'application/merge-patch+json'])(
    'takes %s',
    async (type) => {
      expect(await post('{"a":[1,"ü"]}', type)).toEqual({ a: [1, 'ü'] });
    },
  );

  it.each(['', 'text/plain', 'application/jsonp', 'application/x-www-form-urlencoded'])(
    'refuses "%s"',
    async (type) => {
      expect(await post('{}', type)).toEqual({ code: 'unsupported-media-type' });
    },
  );

  it('refuses what is not JSON and what is too large', async () => {
    expect(await post('{"a":', 'application/json')).toEqual({ code: 'malformed-json' });
    expect(await post(`"${'x'.repeat(100)}"`, 'application/json')).toEqual({ code: 'body-too-large' });
  });
});

describe('parseJson', () => {
  it('forgives a byte-order mark', () => {
    expect(parseJson(Buffer.from('\uFEFF{"a":1}'))).toEqual({ a: 1 });
  });

  it.each([
    ['{"password": hunter2}', "The body is not JSON: Unexpected token 'h'"],
    ['hunter2', "The body is not JSON: Unexpected token 'h'"],
    ['[1,2,3,4,5,6,7,8,hunter2,"hunter2",9,10]', "The body is not JSON: Unexpected token 'h'"],
    ['"hunter2" "\n"', /^The body is not JSON: Unexpected non-whitespace character after JSON at position 10/],
    ['undefined', 'The body is not JSON: unexpected text'],
  ])('does not repeat what %j says', (text, detail) => {
    expect(() => parseJson(Buffer.from(text))).toThrow(detail);
    expect(() => parseJson(Buffer.from(text))).not.toThrow('unter2');
  });

  it('says that an empty body is empty', () => {
    expect(() => parseJson(Buffer.alloc(0))).toThrow('The body is empty.');
  });
});
