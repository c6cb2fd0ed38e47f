import { describe, expect, it } from 'vitest';
import { createSeal } from './seal.ts';

describe('a seal', () => {
  it('gives back what it sealed, which differs each time', () => {
    const seal = createSeal('a secret', 'test');

    const sealed = seal.seal('text 😀', 'name');

    expect(seal.open(sealed, 'name')).toBe('text 😀');
    expect(seal.seal('text 😀', 'name')).not.toEqual(sealed);
    expect(sealed.toString('latin1')).not.toContain('text');
  });

  it('opens nothing of another secret, purpose or name, and nothing that was changed or cut', () => {
    const seal = createSeal('a secret', 'test');
    const sealed = seal.seal('text', 'name');
    const changed = Buffer.from(sealed);
    changed[14] = (changed[14] ?? 0) ^ 1;

    expect(createSeal('another', 'test').open(sealed, 'name')).toBeUndefined();
    expect(createSeal('a secret', 'other').open(sealed, 'name')).toBeUndefined();
    expect(seal.open(sealed, 'other name')).toBeUndefined();
    expect(seal.open(changed, 'name')).toBeUndefined();
    expect(Array.from(sealed, (_, size) => seal.open(sealed.subarray(0, size), 'name'))).toEqual(
      Array.from(sealed, () => undefined),
    );
  });
});
