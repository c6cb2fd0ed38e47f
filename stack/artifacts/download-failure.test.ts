import { describe, expect, it } from 'vitest';
import { downloadFailure } from './download-failure.ts';

const coded = (code: string) => Object.assign(new Error(`${code}: something low`), { code });

describe('downloadFailure', () => {
  it('tells a full disk from a network that is away', () => {
    const full = downloadFailure('a.jar', '/cache', coded('ENOSPC')).message;
    const offline = downloadFailure(
      'a.jar',
      '/cache',
      new TypeError('fetch failed', { cause: coded('ENOTFOUND') }),
    ).message;

    expect(full).toMatch(/^The disk is full: no room for a.jar in \/cache\..*MILLRACE_CACHE/);
    expect(offline).toMatch(/^a.jar could not be downloaded: the host name was not found/);
  });

  it('names the folder that cannot be written', () => {
    expect(downloadFailure('a.jar', '/cache', coded('EACCES')).message).toMatch(
      /^\/cache cannot be written \(EACCES\)/,
    );
  });

  it('falls back on what the deepest cause says', () => {
    const error = new Error('fetch failed', { cause: new Error('bad port') });

    expect(downloadFailure('a.jar', '/cache', error).message).toContain('could not be downloaded: bad port.');
  });
});
