import { describe, expect, it } from 'vitest';
import { readNewClient } from './new-client.ts';

describe('readNewClient', () => {
  it('reads a new client, and one that gets a new secret', () => {
    expect(readNewClient({ name: 'watch', scopes: 'ingest:running, read', subject: 'sub' })).toEqual({
      ...{ name: 'watch', scopes: ['ingest:running', 'read'], subject: 'sub', rotate: false },
    });
    expect(readNewClient({ name: 'watch', rotate: true })).toMatchObject({ scopes: undefined, rotate: true });
  });

  it('names every fault at once', () => {
    expect(() => readNewClient({ name: 'a b', scopes: 'read write', subject: '' })).toThrow(
      /NAME must be .*; SUBJECT must be .*; SCOPES has "write", which is no scope/,
    );
    expect(() => readNewClient({ name: 'watch' })).toThrow('SCOPES must have at least one');
  });
});
