import { createRequire } from 'node:module';
import { describe, expect, it } from 'vitest';
import { partitionOf } from './partition-of.ts';

describe('partitionOf', () => {
  it.each([
    ['21', -973932308],
    ['foobar', -790332482],
    ['a-little-bit-long-string', -985981536],
    ['', 275646681],
    ['naïve é', -1028671121],
  ])("puts %j where Kafka's own murmur2 puts it", (key, murmur2) => {
    const expected = (murmur2 & 0x7fffffff) % 7;

    expect(partitionOf(Buffer.from(key), 7)).toBe(expected);
  });

  it("agrees with kafkajs's implementation on a thousand keys", () => {
    const murmur2: (key: Buffer) => number = createRequire(import.meta.url)(
      'kafkajs/src/producer/partitioners/default/murmur2',
    );
    const keys = Array.from({ length: 1000 }, (_, i) => Buffer.from(`key-${i}-${'x'.repeat(i % 13)}`));

    expect(keys.map((key) => partitionOf(key, 12))).toEqual(keys.map((key) => (murmur2(key) & 0x7fffffff) % 12));
  });
});
