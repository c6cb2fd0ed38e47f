import { expect, it } from 'vitest';
import { isNeeded } from './service.ts';

it('leaves our own issuer out where an outside one is set, and no other service', () => {
  const neededWith = (AUTH_ISSUER?: string) =>
    ['receiver', 'storage', 'analyzer', 'auth'].filter((name) => isNeeded({ name }, { AUTH_ISSUER }));

  expect(neededWith()).toContain('auth');
  expect(neededWith(' ')).toContain('auth');
  expect(neededWith('https://id.example')).toEqual(['receiver', 'storage', 'analyzer']);
});
