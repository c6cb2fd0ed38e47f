import { randomUUID } from 'node:crypto';
import { afterAll, beforeAll, describe, expect, inject, it } from 'vitest';
import { type OwnReceiver, ownReceiver, run, runningSchema } from './own-receiver.ts';

const structured = { 'content-type': 'application/cloudevents+json; charset=UTF-8' };
const batched = { 'content-type': 'application/cloudevents-batch+json' };

let own: OwnReceiver;

beforeAll(async () => {
  own = await ownReceiver(inject('stack'), await runningSchema());
});
afterAll(() => own.close());

const event = (given: object = {}) => ({
  ...{ specversion: '1.0', id: randomUUID(), source: '/phones/7', type: 'run.finished', data: run() },
  ...given,
});
const held = async (eventId: string) => (await own.read()).find(({ value }) => value.event_id === eventId)?.value;

describe('a CloudEvent', () => {
  it('in structured mode gives its id, source and data to the record', async () => {
    const sent = event();

    const { status, body } = await own.post(sent, structured);

    expect(status).toBe(201);
    expect(body.event_id).toBe(sent.id);
    expect(await held(sent.id)).toMatchObject({ user_id: sent.data.user_id, source: '/phones/7' });
  });

  it('in binary mode brings its attributes in headers', async () => {
    const id = randomUUID();
    const record = run();

    const { status } = await own.post(record, {
      ...{ 'ce-specversion': '1.0', 'ce-id': id, 'ce-source': '/caf%C3%A9', 'ce-type': 'run.finished' },
    });

    expect(status).toBe(201);
    expect(await held(id)).toMatchObject({ user_id: record.user_id, source: '/café' });
  });

  it('in batched mode is one of many, each with its own result', async () => {
    const good = event();

    const { status, body } = await own.post(
      [good, event({ data: run({ distance: -1 }) }), event({ source: '' })],
      batched,
    );

    expect(status).toBe(207);
    expect(body.results[0]).toMatchObject({ status: 201, event_id: good.id });
    expect(body.results[1]?.errors).toEqual([{ pointer: '/data/distance', message: 'must be >= 0' }]);
    expect(body.results[2]?.errors).toEqual([{ pointer: '/source', message: 'must be a text that is not empty' }]);
  });

  it('whose id is no uuid is known by id and source together', async () => {
    const sent = event({ id: 'run 17' });

    const first = await own.post(sent, structured);
    const again = await own.post(sent, structured);
    const elsewhere = await own.post({ ...sent, source: '/phones/8' }, structured);

    expect(first.body.event_id).toMatch(/^[0-9a-f-]{14}5/);
    expect(again.body.event_id).toBe(first.body.event_id);
    expect(again.headers.get('idempotent-replayed')).toBe('true');
    expect(elsewhere.body.event_id).not.toBe(first.body.event_id);
  });

  it('fills the time of a record that has none', async () => {
    const { timestamp, ...untimed } = run();
    const sent = event({ data: untimed, time: timestamp });

    const { status } = await own.post(sent, structured);

    expect(status).toBe(201);
    expect(await held(sent.id)).toMatchObject({ timestamp: Date.parse(timestamp) });
  });

  it('is refused naming every attribute that is missing or wrong', async () => {
    const wrong = { specversion: '0.3', id: 7, datacontenttype: 'text/xml', data_base64: 'e30=' };

    const { status, body } = await own.post(wrong, structured);

    expect(status).toBe(400);
    expect(body.errors.map(({ pointer }) => pointer)).toEqual([
      ...['/id', '/source', '/type', '/specversion', '/datacontenttype', '/data_base64'],
    ]);
  });

  it.each([
    ['text', structured, '"text"'],
    ['a list in structured mode', structured, '[]'],
    ['no list in batched mode', batched, '{}'],
  ])('can not be %s', async (_, headers, body) => {
    expect((await own.post(body, headers)).status).toBe(400);
  });
});
