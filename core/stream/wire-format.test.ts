import { describe, expect, it } from 'vitest';
import { avscType } from '../schema/avsc-type.ts';
import { createEncoder, HEADER_BYTES, schemaIdOf } from './wire-format.ts';

const type = avscType({ type: 'record', name: 'Note', fields: [{ name: 'text', type: 'string' }] });

describe('the wire format', () => {
  it('carries the schema id before the Avro body', () => {
    const bytes = createEncoder(type, 258)({ text: 'hi' });

    expect(schemaIdOf(bytes)).toBe(258);
    expect(type.fromBuffer(bytes.subarray(HEADER_BYTES))).toEqual({ text: 'hi' });
  });

  it('encodes values of any size one after another without one touching another', () => {
    const encode = createEncoder(type, 1);
    const texts = Array.from({ length: 400 }, (_, i) => 'é'.repeat((i * 7919) % 3000)).concat(
      'x'.repeat(600_000),
      'end',
    );

    const encoded = texts.map((text) => encode({ text }));

    expect(encoded.map((bytes) => type.fromBuffer(bytes.subarray(HEADER_BYTES)).text)).toEqual(texts);
  });

  it.each([Buffer.from(''), Buffer.from([0, 0, 0, 1]), Buffer.from([1, 0, 0, 0, 1, 2]), Buffer.from('{"a":1}')])(
    'knows no schema id in %j',
    (bytes) => {
      expect(schemaIdOf(bytes)).toBeUndefined();
    },
  );
});
