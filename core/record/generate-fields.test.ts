import { describe, expect, it } from 'vitest';
import { avscType } from '../schema/avsc-type.ts';
import { parseStream } from '../schema/parse-stream.ts';
import { compileRecord } from './compile-record.ts';

const UUID = { type: 'string', logicalType: 'uuid' };
const TIME = { type: 'long', logicalType: 'timestamp-millis' };
const schema = {
  ...{ type: 'record', name: 'Thing', namespace: 'test', stream: { key: 'thing_id', store: 'upsert' } },
  fields: [
    { name: 'thing_id', type: 'string', generate: 'uuid' },
    { name: 'other_id', type: UUID, generate: 'uuid' },
    { name: 'maybe_id', type: ['null', UUID], default: null, generate: 'uuid' },
    { name: 'made_at', type: TIME, generate: 'now' },
    { name: 'name', type: 'string' },
  ],
};
const stream = parseStream('things.avsc', JSON.stringify(schema));
const type = avscType(stream.avro);
const toRecord = compileRecord(stream, 1, () => 3);
const context = { traceId: '0'.repeat(32), traceparent: '', source: 'test' };
const EVENT_ID = '0195934f-8ad0-7c3e-9d5a-2f0c6f1b7a90';
const A_UUID = /^[0-9a-f]{8}-[0-9a-f]{4}-5[0-9a-f]{3}-[89ab][0-9a-f]{3}-[0-9a-f]{12}$/;

function accept(input: object, eventId?: string) {
  const record = toRecord({ input, at: '', ...(eventId !== undefined && { eventId }) }, context);
  if (record.faults) throw new Error(JSON.stringify(record.faults));
  return {
    ...record,
    content: record.content?.(),
    value: type.fromBuffer(Buffer.from(record.record.value ?? []).subarray(5)),
  };
}

describe('fields that a record leaves out', () => {
  it('are filled with uuids of their own and the time of arrival, and the key is what was made', () => {
    const before = Date.now();

    const { value, record } = accept({ name: 'a' });

    const ids = [value.thing_id, value.other_id, value.maybe_id];
    expect(ids).toEqual(ids.map(() => expect.stringMatching(A_UUID)));
    expect(new Set(ids).size).toBe(3);
    expect(value.made_at).toBe(value.ingested_at);
    expect(value.made_at).toBeGreaterThanOrEqual(before);
    expect(String(record.key)).toBe(value.thing_id);
  });

  it('are others for every record', () => {
    expect(accept({ name: 'a' }).value.thing_id).not.toBe(accept({ name: 'a' }).value.thing_id);
  });

  it('are the same for the same event, as is its content, whenever it comes', async () => {
    const first = accept({ name: 'a' }, EVENT_ID);
    await new Promise((resolve) => setTimeout(resolve, 5));

    const again = accept({ name: 'a' }, EVENT_ID);

    expect(again).toMatchObject({ content: first.content, eventId: EVENT_ID, key: first.value.thing_id });
    expect(again.value.made_at).not.toBe(first.value.made_at);
  });

  it('are kept as they are when given, null too', () => {
    const given = { thing_id: 'x', other_id: EVENT_ID, maybe_id: null, made_at: '2026-03-14T07:32:10Z', name: 'a' };

    expect(accept(given, EVENT_ID).value).toMatchObject({ ...given, made_at: Date.parse(given.made_at) });
  });

  it('are refused as null where they may not be it', () => {
    const { faults } = toRecord(
      { input: { thing_id: null, other_id: null, made_at: null, name: 'a' }, at: '' },
      context,
    );

    expect(faults?.map(({ pointer }) => pointer)).toEqual(['/thing_id', '/other_id', '/made_at']);
  });

  it.each([
    ['another value of another field', { name: 'b' }],
    ['a time that is given, be it the first millisecond', { name: 'a', made_at: '1970-01-01T00:00:00Z' }],
    ['a key that is given', { name: 'a', thing_id: 'x' }],
    ['a null that is given', { name: 'a', maybe_id: null }],
  ])('are other content than %s', (_, other) => {
    expect(accept(other, EVENT_ID).content).not.toBe(accept({ name: 'a' }, EVENT_ID).content);
  });

  it('are the same content as the uuids that were made, sent along with a retry', () => {
    const { value, content } = accept({ name: 'a' }, EVENT_ID);

    expect(accept({ name: 'a', thing_id: value.thing_id }, EVENT_ID).content).toBe(content);
  });
});
