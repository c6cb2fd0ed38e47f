import { exec } from 'node:child_process';
import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { rootDir } from '@millrace/core/config/root-dir';
import { waitUntil } from '@millrace/core/harness/wait-until';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { type OwnPlatform, startOwnPlatform } from './own-platform.ts';
import { readmeExamples, steady } from './readme-examples.ts';

const shell = promisify(exec);
const examples = readmeExamples(await readFile(join(rootDir, 'README.md'), 'utf8'));

let platform: OwnPlatform;

beforeAll(async () => {
  platform = await startOwnPlatform();
});

afterAll(() => platform?.close());

/** The command as it stands in the README, but for the port. */
async function run(command: string): Promise<unknown> {
  const { receiver, storage, analyzer } = platform.urls;
  const here = command
    .replaceAll('localhost:8081', receiver)
    .replaceAll('localhost:8082', storage)
    .replaceAll('localhost:8083', analyzer);
  const { stdout } = await shell(here);
  return steady(JSON.parse(stdout));
}

describe('the README', () => {
  it('has examples', () => {
    expect(examples.length).toBeGreaterThanOrEqual(6);
  });

  it.each(examples)('is right about what comes of $command', async ({ command, answer }) => {
    const expected = JSON.stringify(steady(answer));
    const isPost = command.includes(' -d ');

    const given = isPost
      ? await run(command)
      : await waitUntil(
          () => run(command),
          (now) => JSON.stringify(now) === expected,
          { withinMs: 15_000 },
        );

    expect(given).toEqual(steady(answer));
  });
});
