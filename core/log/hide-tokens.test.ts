import { expect, it } from 'vitest';
import { hideTokens } from './hide-tokens.ts';

const part = (value: object) => Buffer.from(JSON.stringify(value)).toString('base64url');
const TOKEN = `${part({ alg: 'EdDSA', typ: 'at+jwt' })}.${part({ sub: 'ann', exp: 1 })}.dGhlLXNpZ25hdHVyZQ-_`;

it.each([
  [`{"url":"/stats?user_id=${TOKEN}&limit=1"}`, '{"url":"/stats?user_id=(a token)&limit=1"}'],
  [`{"detail":"\\"${TOKEN}\\" and ${TOKEN.slice(0, -5)}"}`, '{"detail":"\\"(a token)\\" and (a token)"}'],
  [`{"msg":"${TOKEN.split('.').slice(0, 2).join('.')}."}`, '{"msg":"(a token)"}'],
  ['{"msg":"eyJhbGciOiJub25lIn0 is a header alone"}', '{"msg":"eyJhbGciOiJub25lIn0 is a header alone"}'],
  ['{"msg":"quiet"}', '{"msg":"quiet"}'],
])('a line of %s is logged as %s', (line, logged) => {
  expect(hideTokens(line)).toBe(logged);
});

it.each(['eyJ', 'eyJ-', '-eyJ', 'eyJ.', 'eyJa.eyJ', 'eyJa.eyJa.', '.eyJ'])(
  'a long line of %s takes no longer for it',
  (run) => {
    const line = `${run.repeat(1_000_000 / run.length)}!`;
    const started = performance.now();

    hideTokens(line);

    expect(performance.now() - started).toBeLessThan(500);
  },
);
