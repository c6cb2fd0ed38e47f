import { expect, it } from 'vitest';
import { createLog } from './create-log.ts';

const FORGED = '{"level":"fatal","msg":"forged"}';
const controls = Array.from({ length: 0xa0 }, (_, code) => String.fromCharCode(code)).filter((each) =>
  /\p{Cc}/u.test(each),
);
const hostile = [
  ...['\n', '\r\n', '\r', '\u2028', '\u2029', '\u0085', '\v', '\f'].map((end) => `a${end}${FORGED}${end}`),
  ...['\u001b[2J\u001b[31m', '\u009b31m', '\u001b]0;title\u0007', '\b\b\b\u007f'],
  controls.join(''),
  '"},{"level":"fatal"}\\',
  '\ud800 \ufeff \u202e',
];

it.each(hostile)('a log with %j in every place has one line for it, plain to any reader', (text) => {
  const written: string[] = [];
  const log = createLog({ name: 'test', level: 'info' }, { write: (line) => void written.push(line) });

  log.info({ [text]: text, nested: { list: [text] }, err: new Error(text, { cause: new Error(text) }) }, text);
  const [line = '', ...others] = written;

  expect(others).toEqual([]);
  expect(line.endsWith('}\n')).toBe(true);
  expect(line.slice(0, -1)).not.toMatch(/[\p{Cc}\u2028\u2029]/u);
  expect(JSON.parse(line)).toMatchObject({
    msg: text.toWellFormed() === text ? text : expect.anything(),
    nested: { list: [text] },
  });
});
