import { readdir, readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { rootDir } from '@millrace/core/config/root-dir';
import { expect, it } from 'vitest';
import { packages } from './packages.mjs';

const EXPORT = /^export (?:async )?(?:function\*?|const|class|type) (\w+)/gm;
const LEFT_OUT = /[.]test[.]ts$|(^|[/])(test|node_modules|dist|generated)[/]/;

async function sources(folder: string): Promise<{ file: string; text: string }[]> {
  const files = (await readdir(join(rootDir, folder), { recursive: true })).map((file) => `${folder}/${file}`);
  return Promise.all(
    files
      .filter((file) => file.endsWith('.ts') && !LEFT_OUT.test(file))
      .map(async (file) => ({ file, text: await readFile(join(rootDir, file), 'utf8') })),
  );
}

/** What waits for its first user: the trace context of consumed records reads headers by it. */
const WAITING = ['core/stream/record-headers.ts: headerText'];

/** Every file of a package can be imported by the others, so knip takes all that core exports for used. */
it('core exports nothing that is used nowhere', async () => {
  const all = (await Promise.all([...packages, 'scripts'].map(sources))).flat();
  const wordsOf = new Map(all.map(({ file, text }) => [file, text.match(/\w+/g) ?? []]));
  const files = new Map<string, Set<string>>();
  for (const [file, words] of wordsOf)
    for (const word of words) files.set(word, (files.get(word) ?? new Set()).add(file));

  const dead = all
    .filter(({ file }) => file.startsWith('core/'))
    .flatMap(({ file, text }) =>
      [...text.matchAll(EXPORT)]
        .map(([, name = '']) => name)
        .filter((name) => files.get(name)?.size === 1)
        .filter((name) => wordsOf.get(file)?.filter((word) => word === name).length === 1)
        .map((name) => `${file}: ${name}`),
    );

  expect(dead.filter((each) => !WAITING.includes(each))).toEqual([]);
});
