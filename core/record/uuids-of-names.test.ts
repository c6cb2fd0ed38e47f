import fc from 'fast-check';
import { v5, validate } from 'uuid';
import { expect, it } from 'vitest';
import { uuidsOfNames } from './uuids-of-names.ts';

const NAMESPACE = '6ba7b810-9dad-11d1-80b4-00c04fd430c8';
const uuidOf = uuidsOfNames(NAMESPACE);

it('makes the uuid that RFC 9562 gives as an example', () => {
  expect(uuidOf('www.example.com')).toBe('2ed6657d-e927-568b-95e1-2665a8aea6a2');
});

it('makes the uuids of the package uuid, of any name', () => {
  fc.assert(
    fc.property(fc.oneof(fc.string({ unit: 'binary' }), fc.string({ minLength: 500 })), (name) => {
      expect(uuidOf(name)).toBe(v5(name, NAMESPACE));
      expect(validate(uuidOf(name))).toBe(true);
    }),
  );
});
