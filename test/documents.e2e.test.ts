import { exec } from 'node:child_process';
import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { rootDir } from '@millrace/core/config/root-dir';
import { services } from '@millrace/core/services/services';
import { asPathSays, type Endpoint, openEndpoint } from '@millrace/testing/endpoint';
import { waitUntil } from '@millrace/testing/wait-until';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { documentExamples, givenIds, parseAnswer, shortenedLike, steady } from './document-examples.ts';
import { documents } from './documents.ts';
import { type OwnPlatform, startOwnPlatform } from './own-platform.ts';
import { createPageShell, type RunCommand } from './page-shell.ts';

const shell = promisify(exec);
const pages = await Promise.all(
  documents.map(async (document) => {
    const markdown = await readFile(join(rootDir, document.file), 'utf8');
    return { ...document, found: documentExamples(markdown) };
  }),
);

let platform: OwnPlatform;
let endpoint: Endpoint;

beforeAll(async () => {
  endpoint = await openEndpoint();
  platform = await startOwnPlatform({ env: { SIMULATOR_GROWTH_SECONDS: '0', RULES_KEEP_NOT_WON: '0' } });
});

afterAll(async () => {
  await platform?.close();
  await endpoint?.close();
});

describe.each(pages)('$file', ({ make = [], varies, check, examples, found }) => {
  const ids = new Map<string, string>();
  let runInShell: RunCommand;

  beforeAll(async () => {
    runInShell = createPageShell({ cwd: rootDir, env: platform.env });
    endpoint.clear();
    endpoint.behave(asPathSays);
    for (const target of make) await platform.make(...target.split(' '));
  });

  it('has examples', () => {
    expect(found.length).toBeGreaterThanOrEqual(examples);
  });

  it.each(found)('is right about what comes of $command', async ({ command, expected }) => {
    if (!expected) {
      await run(command);
      return;
    }
    const wanted = steady(expected.answer, varies);
    const ask = async () => shortenedLike(expected.answer, parseAnswer(expected.form, await run(command)));

    const given = changes(command)
      ? await ask()
      : await waitUntil(ask, (now) => JSON.stringify(steady(now, varies)) === JSON.stringify(wanted), {
          withinMs: 15_000,
        });

    expect(steady(given, varies)).toEqual(wanted);
    for (const [shown, real] of givenIds(expected.answer, given)) ids.set(shown, real);
  });

  if (check)
    it('shows what is made from its answers', async () => {
      await shell(`npm run -s ${check} -- --check ${platform.urls.analyzer}`, { cwd: rootDir });
    });

  /** The command as it stands on the page, but for ports, the data folder, and the ids that earlier answers gave for those shown. */
  function run(command: string): Promise<string> {
    const ports = services.map(({ name, port }) => [`localhost:${port}`, platform.urls[name]] as const);
    const shop = ['localhost:9000', new URL(endpoint.url).host] as const;
    const replaced = [...ports, shop, ['./.data/', `${platform.env.DATA_DIR}/`] as const, ...ids];
    return runInShell(replaced.reduce((text, [shown, real]) => text.replaceAll(shown, real), command));
  }
});

/** A question may be asked until its answer is as expected: what was posted takes a moment to get there. */
const changes = (command: string) => /^(?:echo|make) | -d | -X /.test(command);
