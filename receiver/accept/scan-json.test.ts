import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { JSON_BOUNDS, scanJson } from './scan-json.ts';

const faultOf = (text: string) => scanJson(Buffer.from(text)).fault;
const nested = (depth: number) => '['.repeat(depth) + ']'.repeat(depth);
const object = (members: number) => `{${Array.from({ length: members }, (_, n) => `"${n}":1`).join()}}`;

describe('scanJson', () => {
  it('lets pass what is at its bounds, and names the one that is exceeded', () => {
    expect([faultOf(nested(200)), faultOf(nested(201))]).toEqual([undefined, 'is nested more than 200 levels deep']);
    expect([faultOf(object(10_000)), faultOf(object(10_001))]).toEqual([undefined, 'has more than 10000 members']);
    expect(faultOf(`[${'1,'.repeat(100_001)}1]`)).toBe('has more than 100000 elements');
    expect(faultOf(`"${'x'.repeat(JSON_BOUNDS.bytes)}"`)).toBe('has more than 1572864 bytes');
  });

  it.each([
    ['arrays without end', '['.repeat(5_000_000)],
    ['objects without end', '{"a":'.repeat(1_000_000)],
    ['unknown keys', object(400_000)],
    ['a text of escapes without end', `"${'\\"'.repeat(2_500_000)}`],
    ['backslashes', `"${'\\'.repeat(5_000_000)}`],
    ['numbers', `[${'1,'.repeat(2_000_000)}1]`],
  ])('refuses %s', (_, text) => {
    expect(faultOf(text)).toMatch(/^(has|is nested) more than/);
  });

  it('does not take what is in a text for structure', () => {
    const value = { text: `${'[{,:'.repeat(50_000)}"\\`, end: `\\\\"${'['.repeat(300)}` };

    expect(faultOf(JSON.stringify(value))).toBeUndefined();
  });

  it('ends each value of a list where JSON does', () => {
    fc.assert(
      fc.property(fc.array(fc.json(), { minLength: 1 }), (values) => {
        const bytes = Buffer.from(`[${values.join(' ,\n')}]`);
        const found: unknown[] = [];
        for (let at = 1; at < bytes.length; ) {
          const { end } = scanJson(bytes, at, true);
          found.push(JSON.parse(String(bytes.subarray(at, end))));
          at = end + 1;
        }
        expect(found).toEqual(values.map((text) => JSON.parse(text)));
      }),
    );
  });

  it('ends on any bytes', () => {
    fc.assert(
      fc.property(fc.uint8Array({ maxLength: 200 }), (bytes) => {
        expect(scanJson(bytes).end).toBeLessThanOrEqual(bytes.length + 1);
      }),
    );
  });
});
