import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { describe, expect, it, onTestFinished } from 'vitest';
import { readRelayFile } from './read-relay-file.ts';

async function read(text: string) {
  const dir = await mkdtemp(join(tmpdir(), 'millrace-relay-'));
  onTestFinished(() => rm(dir, { recursive: true }));
  const file = join(dir, 'objects.json');
  await writeFile(file, text);
  return readRelayFile(file);
}

describe('RELAY_FILE', () => {
  it.each([
    ['[{"a": 1}, {"b": [2]}]', ['{"a":1}', '{"b":[2]}']],
    ['\uFEFF{"a": 1}\n\n{"b": 2}\n', ['{"a":1}', '{"b":2}']],
    ['{\n  "a": 1\n}', ['{"a":1}']],
  ])('may be %j', async (text, bodies) => {
    expect((await read(text)).map(({ body }) => body)).toEqual(bodies);
  });

  it.each([
    ['[{"a": 1},\n {"b": tru}]', 'is not JSON at line 2, column 11'],
    ['[{"a": 1},\n {"b": 2}', 'is not JSON at line 2, column 10'],
    ['[{"a": 1}, x]', 'is not JSON at line 1, column 12'],
    ["[{'a': 1}]", 'is not JSON at line 1, column 3'],
    ['{"a": 1}\n{"b": "\\x"}', 'is not JSON at line 2, column 9'],
    ['[{"a": 1}, 7, {}]', 'entry 2 is a number, not an object'],
    ['{"a": 1}\nnull', 'line 2 is null, not an object'],
    ['[]', 'holds no object'],
    [' \n', 'is empty'],
  ])('%j is refused with its place', async (text, why) => {
    await expect(read(text)).rejects.toThrow(new RegExp(`RELAY_FILE \\S+: ${why.replaceAll(/[()]/g, '.')}$`));
  });

  it('that is not there is named', async () => {
    await expect(readRelayFile('/nowhere/objects.json')).rejects.toThrow(
      '/nowhere/objects.json: cannot be read (ENOENT)',
    );
    await expect(readRelayFile('')).rejects.toThrow('RELAY_FILE is not set');
  });
});
