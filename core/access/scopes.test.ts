import { describe, expect, it } from 'vitest';
import { isScope, readOwn, scopes } from './scopes.ts';

describe('isScope', () => {
  it('takes every name, alone and for one stream', () => {
    expect(
      [...scopes, ...scopes.map((name) => `${name}:relay-messages`), readOwn].filter((text) => !isScope(text)),
    ).toEqual([]);
  });

  it.each([
    '',
    'write',
    'Ingest',
    ' ingest',
    'ingest ',
    'ingest read',
    'ingest:',
    'ingest:Running',
    'ingest:a_b',
    'ingest:-a',
    'ingest:1a',
    'ingest:a:b',
    'ingest:*',
    'ingest\n',
    'constructor',
  ])('takes %j for none', (text) => {
    expect(isScope(text)).toBe(false);
  });
});
