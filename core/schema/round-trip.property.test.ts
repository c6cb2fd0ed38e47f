import { arbitraryRecord, streamOfAllKinds } from '@millrace/testing/arbitrary-record';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { compileParseExactly } from '../record/exact-json.ts';
import { avscType } from './avsc-type.ts';
import { compileValidator } from './compile-validator.ts';
import { compileFromJson } from './from-json.ts';
import { compileFromText } from './from-text.ts';
import { inputSchema, ownFields } from './input-schema.ts';
import { compileToJson } from './to-json.ts';

const stream = streamOfAllKinds('all-kinds');
const fields = ownFields(stream);
const validate = compileValidator(inputSchema(stream));
const parse = compileParseExactly(stream);
const fromJson = compileFromJson(fields);
const toJson = compileToJson(fields);
const avro = avscType({ ...stream.avro, fields: stream.avro.fields.slice(0, fields.length) });

describe('a record of every kind of field, with values at their limits,', () => {
  it('comes back from its text through Avro as it was posted', () => {
    fc.assert(
      fc.property(arbitraryRecord(stream), (posted) => {
        const json = parse(JSON.stringify(posted), 'record') as Record<string, unknown>;

        expect(validate(json)).toEqual([]);
        expect(JSON.parse(JSON.stringify(toJson(avro.fromBuffer(avro.toBuffer(fromJson(json))))))).toEqual(
          JSON.parse(JSON.stringify(posted)),
        );
      }),
      { numRuns: 150 },
    );
  });

  it('has scalars whose text is read as what was posted', () => {
    const scalars = fields.filter(({ name }) => !/^(maybe_|either|tags|prices|part)/.test(name));
    fc.assert(
      fc.property(arbitraryRecord(stream), (posted) => {
        const value = avro.fromBuffer(avro.toBuffer(fromJson(posted)));

        for (const field of scalars)
          expect(compileFromText(field)(String(posted[field.name]))).toEqual({ value: value[field.name] });
      }),
      { numRuns: 50 },
    );
  });
});

it('a text with half of a surrogate pair is refused wherever it stands', () => {
  fc.assert(
    fc.property(fc.string({ maxLength: 5 }), fc.constantFrom('\ud83d', '\udc00'), (around, half) => {
      const text = `${around.toWellFormed()}${half}`;
      const faults = validate({ text, tags: [text], prices: { [text]: '1' } }).map(({ pointer }) => pointer);

      expect(faults).toEqual(expect.arrayContaining(['/text', '/tags/0']));
    }),
  );
});
