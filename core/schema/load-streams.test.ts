import { mkdir, mkdtemp, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { schemasDir } from '@millrace/schemas/schemas-dir';
import { describe, expect, it } from 'vitest';
import { loadStreams } from './load-streams.ts';

const record = (stream: object) =>
  JSON.stringify({ type: 'record', name: 'Thing', stream, fields: [{ name: 'a', type: 'int' }] });

async function folderOf(files: Record<string, string>): Promise<string> {
  const dir = await mkdtemp(join(tmpdir(), 'millrace-schemas-'));
  for (const [name, text] of Object.entries(files)) {
    await mkdir(join(dir, name, '..'), { recursive: true });
    await writeFile(join(dir, name), text);
  }
  return dir;
}

describe('loadStreams', () => {
  it('finds the shipped streams', async () => {
    const streams = await loadStreams(schemasDir);

    expect(streams.map(({ name, path }) => [name, path])).toEqual(
      expect.arrayContaining([
        ['music', '/stats/music'],
        ['running', '/stats/running'],
      ]),
    );
  });

  it('names every faulty file at once', async () => {
    const dir = await folderOf({ 'a/one.avsc': '{', 'b/two.avsc': record({ key: 'nope' }), 'three.avsc': record({}) });

    await expect(loadStreams(dir)).rejects.toThrow(
      /^a\/one\.avsc: is not JSON.*\nb\/two\.avsc: "key" names a field "nope"/,
    );
  });

  it.each([
    [
      'two streams with one route',
      { 'a.avsc': record({ path: '/x' }), 'b.avsc': record({ path: '/x' }) },
      /b\.avsc: the route \/x is already taken by a\.avsc/,
    ],
    [
      "a route that is another's index",
      { 'a.avsc': record({}), 'b.avsc': record({ path: '/a' }) },
      /the route \/a is already taken/,
    ],
    [
      'an owner that the record does not have',
      { 'b/a.avsc': record({ access: 'token', owner: 'nobody' }) },
      /^b\/a\.avsc: "owner" names a field "nobody" that the record does not have$/,
    ],
    [
      'an owner that is no text',
      { 'a.avsc': record({ owner: 'a' }).replace('"int"', '"double"') },
      /^a\.avsc: the owner "a" must be a string, int, long or enum$/,
    ],
    ['a reserved name', { 'stats.avsc': record({}) }, /stats\.avsc: "stats" is a reserved name/],
    ['a folder without schemas', {}, /no \.avsc file/],
  ])('refuses %s', async (_, files, message) => {
    const dir = await folderOf(files);

    await expect(loadStreams(dir)).rejects.toThrow(message);
  });
});
