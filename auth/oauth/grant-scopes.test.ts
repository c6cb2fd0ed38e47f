import { describe, expect, it } from 'vitest';
import { commonScopes, grantScopes } from './grant-scopes.ts';

describe('grantScopes', () => {
  it.each([
    [undefined, ['read', 'ingest:running'], ['read', 'ingest:running']],
    [' ', ['read'], ['read']],
    ['read', ['read', 'ingest'], ['read']],
    ['read:running  read:own read:running', ['read'], ['read:running', 'read:own']],
    ['read:own', ['read:own'], ['read:own']],
  ])('grants %j of %j', (asked, held, granted) => {
    expect(grantScopes(asked, held)).toEqual(granted);
  });

  it.each([
    ['ingest', ['ingest:running']],
    ['read:music', ['read:running']],
    ['read', ['read:own']],
    ['read:running', ['read:own']],
    ['read admin', ['read']],
    ['write', ['read']],
    ['read\tingest', ['read', 'ingest']],
    [undefined, []],
  ])('does not grant %j of %j', (asked, held) => {
    expect(() => grantScopes(asked, held)).toThrow(expect.objectContaining({ code: 'invalid_scope', status: 400 }));
  });
});

it.each([
  [
    ['read', 'ingest:running'],
    ['read:own', 'ingest'],
    ['ingest:running', 'read:own'],
  ],
  [['read'], ['ingest'], []],
  [['read'], ['read'], ['read']],
])('%j and %j have %j in common', (some, others, common) => {
  expect(commonScopes(some, others)).toEqual(common);
});
