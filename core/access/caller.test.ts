import { describe, expect, it } from 'vitest';
import { ADMIN, ingestInto, readOf, readOfAny } from './access.ts';
import { ANONYMOUS, type Caller, isPermitted, ownerOnly, permit } from './caller.ts';

const running = { name: 'running', access: 'open' as const };
const music = { name: 'music', access: 'open' as const };
const relay = { name: 'relay-messages', access: 'token' as const };

const holding = (...scopes: string[]): Caller => ({ subject: 'ada', clientId: 'watch', scopes: new Set(scopes) });

describe('permit', () => {
  it.each([
    ['ingest', ingestInto(running)],
    ['ingest:running', ingestInto(running)],
    ['read', readOf(running)],
    ['read:running', readOf(running)],
    ['read:own', readOf(running)],
    ['read:music', readOfAny([running, music])],
    ['read:own', readOfAny([running, music])],
    ['admin', ADMIN],
  ])('lets %s pass where it is asked for', (scope, access) => {
    expect(() => permit(holding('sync', scope), access)).not.toThrow();
  });

  it.each([
    ['', readOf(running)],
    ['read', ingestInto(running)],
    ['ingest:music', ingestInto(running)],
    ['read:music', readOf(running)],
    ['read:runnin', readOf(running)],
    ['ingest read sync rules read:own admin:running', ADMIN],
    ['admin', readOf(running)],
    ['READ', readOf(running)],
    ['ingest:own', ingestInto(running)],
  ])('refuses "%s" where it does not reach, with 403 and the scope', (scope, access) => {
    const caller = holding(...scope.split(' '));

    expect(() => permit(caller, access)).toThrow(
      expect.objectContaining({
        status: 403,
        code: 'insufficient-scope',
        headers: { 'www-authenticate': `Bearer error="insufficient_scope", scope="${access.scope}"` },
      }),
    );
  });

  it('asks a caller without a token for one only where a stream always needs it', () => {
    expect(() => permit(ANONYMOUS, readOf(running))).not.toThrow();
    expect(() => permit(ANONYMOUS, ADMIN)).not.toThrow();
    expect(() => permit(ANONYMOUS, readOfAny([running, relay]))).not.toThrow();
    expect(() => permit(ANONYMOUS, ingestInto(relay))).toThrow(expect.objectContaining({ status: 401 }));
    expect(() => permit(ANONYMOUS, readOfAny([relay]))).toThrow(expect.objectContaining({ status: 401 }));
  });
});

describe('isPermitted', () => {
  it('says of each stream whether the caller may read it', () => {
    const readable = (caller: Caller) =>
      [running, music, relay].filter((each) => isPermitted(caller, 'read', each)).map(({ name }) => name);

    expect(readable(ANONYMOUS)).toEqual(['running', 'music']);
    expect(readable(holding('read'))).toEqual(['running', 'music', 'relay-messages']);
    expect(readable(holding('read:music'))).toEqual(['music']);
    expect(readable(holding('read:own'))).toEqual(['running', 'music', 'relay-messages']);
    expect(readable(holding('ingest'))).toEqual([]);
  });
});

describe('ownerOnly', () => {
  it('limits a caller to its own records unless it may read all of the stream', () => {
    expect(ownerOnly(holding('read:own'), running)).toBe('ada');
    expect(ownerOnly(holding('read:own', 'read:music'), running)).toBe('ada');
    expect(ownerOnly(holding('read:own', 'read:music'), music)).toBeUndefined();
    expect(ownerOnly(holding('read:own', 'read'), running)).toBeUndefined();
    expect(ownerOnly(ANONYMOUS, running)).toBeUndefined();
  });
});
