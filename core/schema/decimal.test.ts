import fc from 'fast-check';
import { expect, it } from 'vitest';
import { bytesToDecimal, decimalToBytes, formatDecimal, parseDecimal } from './decimal.ts';

it.each<[string, bigint | undefined]>([
  ['20.5', 2050n],
  ['-20.50', -2050n],
  ['+0012', 1200n],
  ['0000000000001', 100n],
  ['1.2300', 123n],
  ['1.234', undefined],
  ['12345678', 1_234_567_800n],
  ['123456789', undefined],
  ['1.2e1', 1200n],
  ['-0', 0n],
  ['12.', undefined],
])('reads %s at precision 10 and scale 2', (text, unscaled) => {
  expect(parseDecimal(text, 10, 2)).toBe(unscaled);
});

it('is the same after its bytes, which are as short as they go', () => {
  const edges = Array.from({ length: 70 }, (_, bits) => 1n << BigInt(bits)).flatMap((n) => [n, n - 1n, -n, -n - 1n]);
  const unscaled = fc.oneof(fc.constantFrom(...edges), fc.bigInt({ min: -(10n ** 38n), max: 10n ** 38n }));

  fc.assert(
    fc.property(unscaled, (value) => {
      const bytes = decimalToBytes(value);
      expect(bytesToDecimal(bytes)).toBe(value);
      expect(bytesToDecimal(decimalToBytes(value, 17))).toBe(value);
      const bits = BigInt(8 * bytes.length - 8);
      if (bits > 0n) expect(BigInt.asIntN(Number(bits), value)).not.toBe(value);
    }),
    { numRuns: 1_000 },
  );
});

it('is the same after its text', () => {
  fc.assert(
    fc.property(
      fc.bigInt({ min: -(10n ** 20n) + 1n, max: 10n ** 20n - 1n }),
      fc.integer({ min: 0, max: 20 }),
      (value, scale) => {
        expect(parseDecimal(formatDecimal(value, scale), 20, scale)).toBe(value);
      },
    ),
  );
});
