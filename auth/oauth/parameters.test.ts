import { describe, expect, it } from 'vitest';
import { formParameters, jsonParameters } from './parameters.ts';

const NAMES = ['grant_type', 'username', 'scope'];
const form = (text: string) => formParameters(Buffer.from(text), NAMES);
const json = (text: string) => jsonParameters(JSON.parse(text), NAMES);

describe.each([
  ['a form', form, 'grant_type=password&username=a%2Bb+c%C3%A9&scope=&other=1'],
  ['JSON', json, '{"grant_type":"password","username":"a+b cé","scope":"","other":1}'],
])('the parameters of %s', (_, read, text) => {
  it('are read by name; an empty one is not there, and others are ignored', () => {
    expect(read(text)).toEqual({
      values: new Map([
        ['grant_type', 'password'],
        ['username', 'a+b cé'],
      ]),
      faults: [],
    });
  });
});

describe('the parameters of a form', () => {
  it('are faults when they are repeated, even with the same value, unless they are not known', () => {
    const { faults } = form('scope=read&username=a&scope=read&username=b&other=1&other=2');

    expect(faults).toEqual(['username must be given only once', 'scope must be given only once']);
  });

  it.each(['', '&&&', '=', '%', 'username', '%00=%00', '__proto__=1&constructor=2', 'a'.repeat(10_000)])(
    'are none in %j',
    (text) => {
      expect(form(text)).toEqual({ values: new Map(), faults: [] });
    },
  );

  it('are faults where the body is not UTF-8', () => {
    expect(formParameters(Buffer.from([0x61, 0x3d, 0xff]), NAMES).faults).toEqual(['The body is not UTF-8']);
  });
});

describe('the parameters of JSON', () => {
  it.each(['null', '1', '"text"', '[]', '[{"grant_type":"password"}]'])('are a fault where the body is %s', (text) => {
    expect(json(text)).toEqual({ values: new Map(), faults: ['The body must be a JSON object'] });
  });

  it('must be strings, and a fault does not repeat what stands there', () => {
    const { values, faults } = json('{"grant_type":["password"],"username":{"toString":"hunter2"},"scope":null}');

    expect(values.size).toBe(0);
    expect(faults).toEqual(['grant_type must be a string', 'username must be a string', 'scope must be a string']);
  });

  it('take nothing from a prototype', () => {
    expect(json('{"__proto__":{"username":"ann"}}').values.size).toBe(0);
  });
});
