import { readdir, readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { rootDir } from '@millrace/core/config/root-dir';
import { expect, it } from 'vitest';
import { packages } from './packages.mjs';

const LEFT_OUT = /(^|[/])(node_modules|dist|generated)[/]/;

async function textOf(folder: string): Promise<string> {
  const files = await readdir(join(rootDir, folder), { recursive: true });
  const sources = files.filter((file) => file.endsWith('.ts') && !LEFT_OUT.test(file));
  return (await Promise.all(sources.map((file) => readFile(join(rootDir, folder, file), 'utf8')))).join('\n');
}

/** `dead letter` is also `dead-letter`, `deadLetter` and `dead_letters`. */
const spellings = (word: string) => new RegExp(word.trim().split(/[ -]/).join('[ _-]?'), 'i');

it('the glossary has the words that the code uses, and no others', async () => {
  const code = (await Promise.all(packages.map(textOf))).join('\n');
  const page = await readFile(join(rootDir, 'docs/glossary.md'), 'utf8');

  const words = [...page.matchAll(/^\| \*\*(.+?)\*\* \|/gm)].flatMap(([, word = '']) => word.split(','));

  expect(words.length).toBeGreaterThan(20);
  expect(words.filter((word) => !spellings(word).test(code))).toEqual([]);
});
