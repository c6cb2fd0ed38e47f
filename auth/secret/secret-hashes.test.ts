import { describe, expect, it } from 'vitest';
import { createSecretHashes } from './secret-hashes.ts';

describe('hashes of secrets', () => {
  it('are argon2id with the parameters of the decision, and differ for one secret', async () => {
    const hashes = await createSecretHashes();

    const [one = '', other = ''] = await Promise.all([hashes.hash('a secret'), hashes.hash('a secret')]);

    expect(one).toMatch(/^\$argon2id\$v=19\$m=19456,t=2,p=1\$/);
    expect(other).not.toBe(one);
    expect(await hashes.verify(one, 'a secret')).toBe(true);
    expect(await hashes.verify(one, 'another')).toBe(false);
  });

  it.each([undefined, '', 'plain', '$argon2id$v=19$m=19456,t=2,p=1$c2FsdA$aGFzaA', '$2b$10$abcdefghijklmnopqrstuv'])(
    'answer false, after a hash as ever, where %j is stored',
    async (stored) => {
      const hashes = await createSecretHashes();
      await hashes.verify(undefined, 'warm');
      const begun = performance.now();

      expect(await hashes.verify(stored, 'a secret')).toBe(false);

      expect(performance.now() - begun).toBeGreaterThan(2);
    },
  );

  it('ask once more when their turn has come', async () => {
    const hashes = await createSecretHashes();
    const refuse = () => Promise.reject(new Error('throttled'));

    await expect(hashes.verify(undefined, 'a secret', refuse)).rejects.toThrow('throttled');
  });
});
