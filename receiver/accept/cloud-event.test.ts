import { eventIdOf } from '@millrace/core/record/event-id';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { receiverWithoutKafka } from '../test/receiver-without-kafka.ts';

const schema = {
  type: 'record',
  name: 'Post',
  stream: { path: '/someresource', time: 'at' },
  fields: [
    { name: 'message', type: 'string' },
    { name: 'at', type: { type: 'long', logicalType: 'timestamp-millis' } },
  ],
};
const data = { message: 'Hello World!' };
/** The examples of the HTTP binding 1.0.2, sections 3.1.4 and 3.2.4, and of the JSON event format, section 3.2. */
const binary = {
  'ce-specversion': '1.0',
  'ce-type': 'com.example.someevent',
  'ce-time': '2018-04-05T03:56:24Z',
  'ce-id': '1234-1234-1234',
  'ce-source': '/mycontext/subcontext',
  'content-type': 'application/json; charset=utf-8',
};
const structured = {
  specversion: '1.0',
  type: 'com.example.someevent',
  source: '/mycontext',
  subject: null,
  id: 'C234-1234-1234',
  time: '2018-04-05T17:31:00Z',
  comexampleextension1: 'value',
  comexampleothervalue: 5,
  unsetextension: null,
  datacontenttype: 'application/json',
  data,
};
const EVENT = { 'content-type': 'application/cloudevents+json; charset=UTF-8' };
const EVENTS = { 'content-type': 'application/cloudevents-batch+json; charset="utf-8"' };
const without = (headers: Readonly<Record<string, string>>, name: string) =>
  Object.fromEntries(Object.entries(headers).filter(([each]) => each !== name));
const pointers = (errors: readonly { pointer: string }[]) => errors.map(({ pointer }) => pointer);

describe('a published example of CloudEvents', () => {
  it('is taken in binary mode', async () => {
    const { post, written, stream } = await receiverWithoutKafka(schema);

    const { status, body } = await post(data, binary);

    expect([status, body.event_id]).toEqual([201, eventIdOf(stream, '/mycontext/subcontext', '1234-1234-1234')]);
    expect(written()).toMatchObject([
      { ...data, at: Date.parse('2018-04-05T03:56:24Z'), source: '/mycontext/subcontext' },
    ]);
  });

  it('is taken in structured mode, unset and extension attributes included', async () => {
    const { post, written, stream } = await receiverWithoutKafka(schema);

    const { status, body } = await post(structured, EVENT);

    expect([status, body.event_id]).toEqual([201, eventIdOf(stream, '/mycontext', 'C234-1234-1234')]);
    expect(written()).toMatchObject([{ ...data, source: '/mycontext' }]);
  });

  it('is taken in batched mode', async () => {
    const { post, written } = await receiverWithoutKafka(schema);

    const { status, body } = await post([structured, { ...structured, id: 'C234-1234-1235' }], EVENTS);

    expect([status, body.accepted, written().length]).toEqual([201, 2, 2]);
  });
});

describe('a header of binary mode', () => {
  const idOf = async (text: string, source = '/a') => {
    const { post, stream } = await receiverWithoutKafka(schema);
    const { status, body } = await post(data, { ...binary, 'ce-id': text, 'ce-source': source });
    return { status, body, is: (id: string) => body.event_id === eventIdOf(stream, source, id) };
  };

  it.each([
    ['the example of section 3.1.3.2', 'Euro%20%E2%82%AC%20%F0%9F%98%80', 'Euro € 😀'],
    ['lower-case hex', '%e2%82%ac', '€'],
    ['what need not be encoded', '%41%2d1', 'A-1'],
    ['one round only', '%2541', '%41'],
    ['a quoted text', '"same"', 'same'],
    ['a quoted text with escapes', '"a \\"b\\" \\\\c"', 'a "b" \\c'],
    ['a quoted text that is encoded too', '"%E2%82%AC \\%41"', '€ A'],
    ['a comment, which it is not', 'a (b)', 'a (b)'],
  ])('is decoded: %s', async (_, text, id) => {
    const answer = await idOf(text);

    expect(answer.status).toBe(201);
    expect(answer.is(id)).toBe(true);
  });

  it.each([
    ['bytes that are not UTF-8', '%FF'],
    ['an overlong encoding', '%C0%A0'],
    ['half of a surrogate pair', '%ED%A0%80'],
    ['what is cut off', 'a%E2%82'],
    ['a percent sign by itself', '100%'],
    ['bytes that nobody encoded', 'caf\u00e9'],
    ['a control character', 'a%0D%0Ab'],
  ])('is refused: %s', async (_, text) => {
    const { status, body } = await idOf(text);

    expect(status).toBe(400);
    expect(pointers(body.errors)).toEqual(['/id']);
  });

  it('gives back any text that was encoded as the specification says', async () => {
    const { post, written } = await receiverWithoutKafka(schema);
    const encode = (text: string) =>
      [...text].map((char) => (/[\x21\x23\x24\x26-\x7e]/.test(char) ? char : encodeURIComponent(char))).join('');
    const sources = fc
      .string({ unit: 'binary', minLength: 1, maxLength: 80 })
      .filter((text) => !/\p{Cc}|\p{Noncharacter_Code_Point}/u.test(text));

    await fc.assert(
      fc.asyncProperty(sources, fc.uuid(), async (source, id) => {
        const { status } = await post(data, { ...binary, 'ce-id': id, 'ce-source': encode(source) });
        expect(status).toBe(201);
        expect(written().at(-1)).toMatchObject({ source, event_id: id });
      }),
      { numRuns: 100 },
    );
  });

  it('is missed where only some are there', async () => {
    const { post } = await receiverWithoutKafka(schema);

    const { status, body } = await post(data, { ...without(binary, 'ce-specversion'), 'ce-source': '' });

    expect(status).toBe(400);
    expect(pointers(body.errors)).toEqual(['/specversion', '/source']);
  });

  it('may not repeat the Content-Type', async () => {
    const { post } = await receiverWithoutKafka(schema);

    const { body } = await post(data, { ...binary, 'ce-datacontenttype': 'application/json' });

    expect(body.errors).toEqual([{ pointer: '/datacontenttype', message: 'belongs into Content-Type' }]);
  });
});

describe('the Content-Type of binary mode', () => {
  it.each([
    ['application/json', 201],
    ['application/json; charset=UTF-8', 201],
    ['application/vnd.acme.run+json', 201],
    ['text/json; charset=utf-8', 201],
    ['application/json; charset=utf-16', 415],
    ['application/xml', 415],
    ['text/plain', 415],
    ['application/x-ndjson', 415],
  ])('%s is answered %s', async (type, status) => {
    const { post } = await receiverWithoutKafka(schema);

    expect((await post(data, { ...binary, 'content-type': type })).status).toBe(status);
  });

  it('may be missing, as the Python SDK leaves it out', async () => {
    const { url, written } = await receiverWithoutKafka(schema);

    const body = Buffer.from(JSON.stringify(data));
    const response = await fetch(url, { method: 'POST', headers: without(binary, 'content-type'), body });

    expect(response.status).toBe(201);
    expect(written()).toMatchObject([data]);
  });

  it('of structured mode goes before the headers of binary mode', async () => {
    const { post, written } = await receiverWithoutKafka(schema);

    await post(structured, { ...binary, ...EVENT });

    expect(written()).toMatchObject([{ source: '/mycontext' }]);
  });
});

describe('an attribute', () => {
  it.each([
    ['specversion', '0.3'],
    ['id', ''],
    ['id', null],
    ['source', 7],
    ['source', 'x'.repeat(256)],
    ['type', 'a\u0000b'],
    ['subject', ''],
    ['dataschema', 7],
    ['time', 'yesterday'],
    ['time', 7],
    ['datacontenttype', 'application/xml'],
    ['data', null],
    ['data_base64', 'e30='],
  ])('%s can’t be %j', async (name, value) => {
    const { post } = await receiverWithoutKafka(schema);

    const { status, body } = await post({ ...structured, [name]: value }, EVENT);

    expect(status).toBe(400);
    expect(pointers(body.errors)).toEqual([`/${name}`]);
  });

  it.each([
    ['datacontenttype', 'application/vnd.acme.run+json'],
    ['datacontenttype', null],
    ['time', '2018-04-05T17:31:00.123456+02:00'],
    ['subject', 'a run'],
    ['traceparent', '00-4bf92f3577b34da6a3ce929d0e0e4736-00f067aa0ba902b7-01'],
  ])('%s may be %j', async (name, value) => {
    const { post } = await receiverWithoutKafka(schema);

    expect((await post({ ...structured, [name]: value }, EVENT)).status).toBe(201);
  });
});
