import { mkdir, readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { linkPackage } from './copy-of-clone.ts';

const TABLE = 'core/services/services.ts';

const ROW = `  {
    name: 'greeter',
    portVariable: 'GREETER_PORT',
    port: 8099,
    doc: 'Greets.',
    memory: 256,
    keepsData: false,
    example: 'curl -s {url}/greetings',
  },
`;

const folder: Readonly<Record<string, string>> = {
  'package.json': JSON.stringify({
    name: '@millrace/greeter',
    version: '0.1.0',
    private: true,
    type: 'module',
    exports: { './*': { source: './*.ts', default: './dist/*.js' } },
    scripts: { build: 'tsc -p tsconfig.build.json' },
    dependencies: { '@millrace/core': '0.1.0', zod: '*' },
  }),
  'tsconfig.build.json': JSON.stringify({
    extends: '../tsconfig.base.json',
    compilerOptions: { rootDir: '.', outDir: 'dist', noCheck: true },
    include: ['**/*.ts'],
    exclude: ['dist', 'node_modules', 'test', '**/*.test.ts'],
  }),
  'service.ts': `import { setting } from '@millrace/core/config/setting';
import { matching } from '@millrace/core/config/setting-types';
import { jsonResponse } from '@millrace/core/openapi/document';
import type { ServiceDeclaration } from '@millrace/core/services/service-declaration';
import { z } from 'zod';

export const service = {
  name: 'greeter',
  settings: z.object({ GREETING: setting('hello', matching(/^\\\\w+$/, 'must be a word'), 'How it greets.') }),
  metrics: {
    greetings: { type: 'counter', name: 'millrace_greeter_greetings_total', help: 'Greetings.' },
  },
  endpoints: () => [
    {
      path: '/greetings',
      method: 'get',
      access: 'public',
      operation: {
        operationId: 'greet',
        summary: 'A greeting.',
        tags: ['greetings'],
        responses: { 200: jsonResponse('A greeting.', { type: 'object' }, { greeting: 'hello' }) },
        problems: [],
      },
    },
  ],
  tags: { greetings: 'Greetings.' },
  schemas: () => ({}),
} satisfies ServiceDeclaration;
`,
  'main.ts': `import { openHttp } from '@millrace/core/http/open-http';
import { openapiOf } from '@millrace/core/openapi/openapi-of';
import { runService } from '@millrace/core/service/run-service';
import { service } from './service.ts';

await runService(service, async ({ use, config, settings, log, metrics, health }) => {
  const openapi = () => openapiOf(service, [], config);
  const http = await openHttp({ name: service.name, config, log, metrics, health, openapi });
  const greetings = metrics.counter(service.metrics.greetings);
  await use(
    http.serve([
      {
        method: 'get',
        path: '/greetings',
        access: 'public',
        handler: (_req, res) => {
          greetings.inc();
          res.json({ greeting: settings.GREETING });
        },
      },
    ]),
  );
});
`,
};

/** A service in all that it takes: a folder, and a row in the table. */
export async function addGreeter(copy: string): Promise<void> {
  await mkdir(join(copy, 'greeter'));
  for (const [file, text] of Object.entries(folder))
    await writeFile(join(copy, 'greeter', file), text.replaceAll('\\\\', '\\'));
  const table = await readFile(join(copy, TABLE), 'utf8');
  await writeFile(join(copy, TABLE), table.replace('\n] as const satisfies', `\n${ROW}] as const satisfies`));
  await linkPackage(copy, 'greeter');
}
