import { execFile } from 'node:child_process';
import { readFile, rm, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { type RunningService, startService } from '@millrace/testing/start-service';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { copyOfClone } from './new-service/copy-of-clone.ts';
import { addGreeter } from './new-service/greeter.ts';

const run = promisify(execFile);

describe('a new service, which is one folder and one row in the table', () => {
  let copy: string;
  let greeter: RunningService;

  const read = (file: string) => readFile(join(copy, file), 'utf8');
  const bin = (name: string, ...args: string[]) => run(join('node_modules', '.bin', name), args, { cwd: copy });
  const source = (...args: string[]) =>
    run(process.execPath, ['--conditions=source', '--import', 'tsx', ...args], { cwd: copy });

  beforeAll(async () => {
    copy = await copyOfClone();
    await addGreeter(copy);
  });

  afterAll(async () => {
    await greeter?.stop();
    await rm(copy, { recursive: true, force: true });
  });

  it('has its types by that', async () => {
    await writeFile(
      join(copy, 'tsconfig.greeter.json'),
      '{ "extends": "./tsconfig.json", "include": ["greeter/*.ts"] }',
    );

    await bin('tsc', '-p', 'tsconfig.greeter.json');
  });

  it('is in every generated file', async () => {
    await source('scripts/generate.ts');

    expect(await read('.env.example')).toContain('# GREETER_PORT=8099\n');
    expect(await read('.env.example')).toContain('# How it greets.\n# GREETING=hello\n');
    expect(JSON.parse(await read('docs/openapi.json')).paths['/greetings'].get).toMatchObject({
      servers: [{ url: 'http://127.0.0.1:8099', description: 'greeter' }],
      responses: { 503: {} },
    });
    expect(await read('core/schema/generated/reserved-routes.ts')).toContain("'/greetings'");
    expect(await read('docs/metrics.md')).toContain('millrace_greeter_greetings_total');
    expect(await read('docker-compose.yml')).toContain('command: ["node", "greeter/dist/main.js"]');
  });

  it('runs, and answers for itself', async () => {
    greeter = await startService(join(copy, 'greeter/main.ts'), { GREETER_PORT: '0', GREETING: 'moin' });

    const answers = await Promise.all(
      ['/healthz', '/readyz', '/greetings', '/openapi.json'].map(async (path) =>
        (await fetch(greeter.url + path)).json(),
      ),
    );

    expect(answers).toMatchObject([
      { status: 'ok', service: 'greeter' },
      { status: 'ready' },
      { greeting: 'moin' },
      { info: { title: 'Millrace greeter', description: 'Greets.' } },
    ]);
  });

  it('says every wrong setting at once, its own among them', async () => {
    const wrong = startService(join(copy, 'greeter/main.ts'), { GREETER_PORT: 'x', GREETING: 'two words' });

    await expect(wrong).rejects.toThrow(/2 invalid settings\n {2}GREETER_PORT must be .*\n {2}GREETING must be a word/);
  });

  it('is built, and is then started by make up with the others', async () => {
    await bin('tsc', '-p', 'greeter/tsconfig.build.json');

    const { stdout } = await source(
      '--input-type=module',
      '-e',
      `import { servicesOf, isBuilt } from '@millrace/stack/parts/service';
       import { readConfig } from '@millrace/core/config/read-config';
       console.log(JSON.stringify(servicesOf(readConfig({}).ports).filter(isBuilt)))`,
    );

    expect(JSON.parse(stdout)).toEqual([{ name: 'greeter', portVariable: 'GREETER_PORT', port: 8099 }]);
  });

  it('may not import another service', async () => {
    await writeFile(join(copy, 'greeter/nosy.ts'), `export { service } from '@millrace/receiver/service';\n`);

    const cruise = bin('depcruise', '--config', '.dependency-cruiser.mjs', '--output-type', 'err', 'greeter');

    await expect(cruise).rejects.toMatchObject({
      stdout: expect.stringContaining('services-stay-apart: greeter/nosy.ts'),
    });
  });
});
