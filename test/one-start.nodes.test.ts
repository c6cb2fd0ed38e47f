import { readdir, readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { waitUntil } from '@millrace/testing/wait-until';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { getJson } from './get-json.ts';
import { type OwnPlatform, startOwnPlatform } from './own-platform.ts';
import { postAll } from './post-all.ts';
import { runs } from './random-run.ts';

let platform: OwnPlatform;

beforeAll(async () => {
  platform = await startOwnPlatform();
});

afterAll(() => platform?.close());

it('starts by make up, takes a run, gives it back by time and by index, and warns of nothing', async () => {
  const [run = {}] = runs(1);
  const ask = <Answer>(url: string) => getJson<Answer>(url).catch(() => undefined);

  await postAll(`${platform.urls.receiver}/stats/running`, [run]);
  const rows = await waitUntil(
    () => ask<unknown>(`${platform.urls.storage}/stats/running`),
    (answer) => Array.isArray(answer) && answer.length > 0,
  );
  const first = await waitUntil(
    () => ask<{ position?: object }>(`${platform.urls.analyzer}/running?index=0`),
    (answer) => answer?.position !== undefined,
  );
  const dir = join(String(platform.env.DATA_DIR), 'logs');
  const logs = await Promise.all((await readdir(dir)).map((name) => readFile(join(dir, name), 'utf8')));

  expect(rows).toEqual([expect.objectContaining(run)]);
  expect(first).toMatchObject(run);
  expect(logs.join('\n')).not.toMatch(/\(node:\d+\) .*Warning/);
});
