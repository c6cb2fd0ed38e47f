import { everywhere } from '@millrace/core/openapi/problem-responses';
import { answerProblems } from '@millrace/core/problem/answer-problems';
import { startProblems } from '@millrace/core/problem/start-problems';
import { code, table } from './markdown.ts';

const HEAD = `# Errors

Every refusal is \`application/problem+json\` (RFC 9457): \`type\`, \`title\`, \`status\`, \`detail\`, \`code\`, \`trace_id\`, and for bad
input \`errors\`, a list of \`{"pointer": "/distance", "message": "must be >= 0"}\` that names every fault at once. \`code\` is what a
program should look at: codes are never renamed. *Again* says whether the same request may work later.
`;

/** docs/errors.md: the table of problems. */
export const errorsPage = (): string =>
  [
    HEAD,
    '## Answers\n',
    table(
      ['code', 'status', 'again', 'title', 'what to do'],
      Object.entries(answerProblems).map(([name, { status, retriable, title, advice }]) => [
        code(name),
        String(status),
        retriable ? 'yes' : 'no',
        title,
        advice,
      ]),
    ),
    `\nAny route may answer ${everywhere.map(code).join(', ')}, and until its service has started \`not-ready\`. What else a route may`,
    'answer is in its `/openapi.json`.\n',
    '## At the start of a service or a command\n',
    'These end it, with exit code 1 and one line for each fault on stderr.\n',
    table(
      ['code', 'title', 'what to do'],
      Object.entries(startProblems).map(([name, { title, advice }]) => [code(name), title, advice]),
    ),
    '',
  ].join('\n');
