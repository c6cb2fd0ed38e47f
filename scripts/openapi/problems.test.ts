import { readdir, readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { rootDir } from '@millrace/core/config/root-dir';
import { everywhere } from '@millrace/core/openapi/problem-responses';
import { answerProblems } from '@millrace/core/problem/answer-problems';
import { type ProblemCode, problems } from '@millrace/core/problem/problems';
import { startProblems } from '@millrace/core/problem/start-problems';
import { loadStreams } from '@millrace/core/schema/load-streams';
import { schemasDir } from '@millrace/schemas/schemas-dir';
import { describe, expect, it } from 'vitest';
import { serviceDeclarations } from '../service-declarations.ts';

const codes = Object.keys(problems);
const streams = await loadStreams(schemasDir);

/** What the frame answers where no operation does, or before one could. */
const OUTSIDE = ['not-found', 'method-not-allowed', 'not-ready'];
/** What reading a body, a query or a table may throw: the functions of core that operations call. */
const OF_BODIES = ['malformed-body', 'request-aborted', 'body-too-large', 'unsupported-media-type', 'malformed-json'];

const NO_SOURCE =
  /[.]test[.]ts$|[/](test|node_modules|dist|openapi)[/]|core[/]problem[/](answer-|start-)?problems[.]ts$/;

/** The source of some folders, without tests and without the documents of routes, which only repeat codes. */
async function sourceOf(...folders: readonly string[]): Promise<string> {
  const lists = await Promise.all(
    folders.map(async (folder) =>
      (await readdir(join(rootDir, folder), { recursive: true })).map((file) => `${folder}/${file}`),
    ),
  );
  const files = lists.flat().filter((file) => file.endsWith('.ts') && !NO_SOURCE.test(file));
  return (await Promise.all(files.map((file) => readFile(join(rootDir, file), 'utf8')))).join('\n');
}

const core = await sourceOf('core');
const thrownIn = (source: string) => codes.filter((code) => new RegExp(`Problem\\(\\s*'${code}'`).test(source));
const usedIn = (source: string) => codes.filter((code) => source.includes(`'${code}'`));

describe('the table of problems', () => {
  it('has no code that nothing answers', async () => {
    const used = usedIn([core, await sourceOf(...serviceDeclarations.map(({ name }) => name))].join('\n'));

    expect(codes.filter((code) => !used.includes(code))).toEqual([]);
  });

  it('is what docs/errors.md lists, with status and title', async () => {
    const page = await readFile(join(rootDir, 'docs/errors.md'), 'utf8');

    const rows = [...page.matchAll(/^\| `([a-z-]+)` \|(?: (\d+) \| (?:yes|no) \|)? (.*?) \|/gm)];

    expect(rows.map(([, code, status, title]) => [code, status && Number(status), title])).toEqual([
      ...Object.entries(answerProblems).map(([code, { status, title }]) => [code, status, title]),
      ...Object.entries(startProblems).map(([code, { title }]) => [code, undefined, title]),
    ]);
  });
});

describe.each(serviceDeclarations.map((service) => [service.name, service] as const))(
  'the operations of the %s',
  async (name, service) => {
    const operations = service.endpoints(streams).map(({ operation }) => operation);
    const documented = new Set<ProblemCode>(operations.flatMap((operation) => operation.problems));
    const own = await sourceOf(name);

    it('name every problem that its code answers', () => {
      const missing = thrownIn(own).filter(
        (code) =>
          !new Set<string>([...documented, ...everywhere, ...OUTSIDE]).has(code) && !Object.hasOwn(startProblems, code),
      );

      expect(missing).toEqual([]);
    });

    it('name no problem that neither its code nor core answers', () => {
      const answered = new Set([...thrownIn(own), ...usedIn(core), ...usedIn(own)]);

      expect([...documented].filter((code) => !answered.has(code))).toEqual([]);
    });

    it('name the problems of what they read: a body, a query', () => {
      const wrong = operations.flatMap(({ operationId, requestBody, parameters = [], responses, problems: given }) => {
        const named = new Set<string>(given);
        const needed = [
          ...(requestBody ? OF_BODIES : []),
          // One with an answer 400 of its own, such as the search, has another envelope.
          ...(parameters.some((parameter) => parameter.in === 'query') && !responses[400] ? ['invalid-parameter'] : []),
        ];
        return needed.filter((code) => !named.has(code)).map((code) => `${operationId}: ${code}`);
      });

      expect(wrong).toEqual([]);
    });

    it('name no problem that only ends a start', () => {
      expect([...documented].filter((code) => Object.hasOwn(startProblems, code))).toEqual([]);
    });
  },
);
