import { describe, expect, it } from 'vitest';
import { parseStream } from '../schema/parse-stream.ts';
import { compileRecord } from './compile-record.ts';
import { compileTombstone } from './compile-tombstone.ts';

const context = { traceId: '0'.repeat(32), traceparent: 'a-trace', source: 'test' };
const logical = (type: string, logicalType: string) => ({ type, logicalType });

/** Of a stream whose key has this type: what a record and what a tombstone is written under. */
function keyed(type: unknown, constraints: object = {}) {
  const fields = [{ name: 'k', type, ...constraints }];
  const schema = { type: 'record', name: 'Thing', stream: { key: 'k', store: 'upsert' }, fields };
  const stream = parseStream('things.avsc', JSON.stringify(schema));
  const toRecord = compileRecord(stream, 1, () => 7);
  const toTombstone = compileTombstone(stream, () => 7);
  return {
    post(k: unknown) {
      const accepted = toRecord({ input: { k }, at: '' }, context);
      if (accepted.faults) throw new Error(JSON.stringify(accepted.faults));
      return { ...accepted.record, text: accepted.key };
    },
    remove(text: string) {
      const tombstone = toTombstone(text, 'a-trace');
      return tombstone.faults ? tombstone.faults : { ...tombstone.record, text: tombstone.key };
    },
  };
}

describe('a tombstone', () => {
  it.each<[string, unknown, unknown]>([
    ['a text', 'string', 'acct-1'],
    ['a text with a slash, a space and a percent sign', 'string', 'a/b c%2F'],
    ['a text with a zero byte', 'string', 'a\u0000b'],
    ['a text of composed letters', 'string', 'café'],
    ['the same text of decomposed letters', 'string', 'café'.normalize('NFD')],
    ['a text that begins with a byte order mark', 'string', '\uFEFFa'],
    ['an emoji', 'string', '🏃'],
    ['dots', 'string', '..'],
    ['a uuid', logical('string', 'uuid'), 'd290f1ee-6c54-4b01-90e6-d701748f0851'],
    ['an int', 'int', -7],
    ['a long', 'long', 4_503_599_627_370_493],
    ['a symbol', { type: 'enum', name: 'E', symbols: ['A', 'B'] }, 'B'],
    ['a date', logical('int', 'date'), '2026-03-14'],
    ['a time', logical('long', 'timestamp-millis'), '2026-03-14T07:32:10.250Z'],
    ['a fine time', logical('long', 'timestamp-micros'), '2026-03-14T07:32:10.250125Z'],
  ])('is written under the key and to the partition of the records of %s', (_, type, value) => {
    const { post, remove } = keyed(type);
    const record = post(value);

    const tombstone = remove(String(value));

    expect(tombstone).toEqual({
      ...{ key: record.key, partition: record.partition, value: null, traceparent: 'a-trace' },
      text: String(value),
    });
    expect(record.text).toBe(String(value));
  });

  it('has a uuid in lower case, as records have it', () => {
    const { remove } = keyed(logical('string', 'uuid'));

    expect(remove('D290F1EE-6C54-4B01-90E6-D701748F0851')).toMatchObject({
      text: 'd290f1ee-6c54-4b01-90e6-d701748f0851',
    });
  });

  it.each<[string, unknown, object, string, string]>([
    ['what is no uuid', logical('string', 'uuid'), {}, 'x', 'must be a uuid such as'],
    ['a uuid in braces', logical('string', 'uuid'), {}, '{d290f1ee-6c54-4b01-90e6-d701748f0851}', 'must be a uuid'],
    ['what is no number', 'int', {}, '0x10', 'must be a whole number'],
    ['a number in another spelling', 'int', {}, '007', 'must be a whole number'],
    ['half a number', 'int', {}, '1.5', 'must be a whole number'],
    ['a number too large', 'int', {}, '2147483648', 'must be a whole number'],
    ['a number below its minimum', 'long', { minimum: 0 }, '-1', 'must be >= 0'],
    ['no symbol', { type: 'enum', name: 'E', symbols: ['A'] }, {}, 'a', 'must be one of A'],
    ['a text too long', 'string', { maxLength: 3 }, 'abcd', 'must have at most 3 characters'],
    ['a text past what an index holds', 'string', {}, 'x'.repeat(256), 'must have at most 255 characters'],
    ['a text that ends with a space', 'string', {}, 'a ', 'must not end with a space'],
    ['a text too short', 'string', { minLength: 2 }, 'a', 'must have at least 2 characters'],
    ['a text that its pattern refuses', 'string', { pattern: '^[a-z]+$', examples: ['a'] }, 'A', 'must match'],
    ['half a character', 'string', {}, '\uD800', 'must be well-formed'],
    ['a day that is none', logical('int', 'date'), {}, '2026-02-29', 'must be a date'],
  ])('is refused under %s', (_, type, constraints, text, message) => {
    const { remove } = keyed(type, constraints);

    expect(remove(text)).toEqual([{ pointer: '/k', message: expect.stringContaining(message) }]);
  });
});
