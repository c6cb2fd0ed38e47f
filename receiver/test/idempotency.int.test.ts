import { randomUUID } from 'node:crypto';
import { afterAll, beforeAll, describe, expect, inject, it, onTestFinished } from 'vitest';
import { type OwnReceiver, ownReceiver, run, runningSchema } from './own-receiver.ts';

let own: OwnReceiver;

beforeAll(async () => {
  own = await ownReceiver(inject('stack'), await runningSchema());
});
afterAll(() => own.close());

const keyed = (key: string) => ({ 'idempotency-key': key });
const countOf = async (eventId: string) => (await own.read()).filter(({ value }) => value.event_id === eventId).length;

describe('an idempotency key', () => {
  it('makes a repeat harmless: the answer is the first one, and Kafka holds one record', async () => {
    const record = run();

    const first = await own.post(record, keyed('k-1'));
    const again = await own.post(record, keyed('"k-1"'));

    expect(first.status).toBe(201);
    expect(again.status).toBe(201);
    expect(again.headers.get('idempotent-replayed')).toBe('true');
    expect({ ...again.body, trace_id: '' }).toEqual({ ...first.body, trace_id: '' });
    expect(await countOf(first.body.event_id)).toBe(1);
  });

  it('holds among requests that arrive together', async () => {
    const record = run();

    const answers = await Promise.all(Array.from({ length: 30 }, () => own.post(record, keyed('k-2'))));

    expect(new Set(answers.map(({ status }) => status))).toEqual(new Set([201]));
    expect(new Set(answers.map(({ body }) => `${body.event_id} ${body.partition} ${body.offset}`)).size).toBe(1);
    expect(await countOf(answers[0]?.body.event_id ?? '')).toBe(1);
  });

  it('is the same for any order of the fields and spelling of the values', async () => {
    const record = run({ user_id: 'd290f1ee-6c54-4b01-90e6-d701748f0851' });
    const { status } = await own.post(record, keyed('k-3'));

    const again = await own.post(
      `{"timestamp":"2026-03-14T07:32:10.25Z","distance":5012.30,"duration":18055e-1,"user_id":"D290F1EE-6C54-4B01-90E6-D701748F0851"}`,
      keyed('k-3'),
    );

    expect([status, again.status]).toEqual([201, 201]);
    expect(again.headers.get('idempotent-replayed')).toBe('true');
  });

  it('that comes with other content is answered 409, and the first record stands', async () => {
    const first = await own.post(run(), keyed('k-4'));

    const other = await own.post(run(), keyed('k-4'));

    expect(other.status).toBe(409);
    expect(other.body.code).toBe('idempotency-conflict');
    expect(await countOf(first.body.event_id)).toBe(1);
  });

  it('gives the same event id at a receiver that never saw it, so that storage knows the repeat', async () => {
    const record = run();
    const first = await own.post(record, keyed('k-5'));
    const other = await own.world.start('receiver');
    onTestFinished(async () => void (await other.stop()));

    const response = await fetch(`${other.url}${own.stream.path}`, {
      ...{ method: 'POST', body: JSON.stringify(record) },
      headers: { 'content-type': 'application/json', ...keyed('k-5') },
    });

    expect(response.status).toBe(201);
    expect(response.headers.get('idempotent-replayed')).toBeNull();
    expect(await response.json()).toMatchObject({ event_id: first.body.event_id });
    expect(first.body.event_id).toMatch(/^[0-9a-f]{8}-[0-9a-f]{4}-5/);
  });

  it('names each record of a batch by its place', async () => {
    const batch = [run(), run(), run()];

    const first = await own.post(batch, keyed('k-6'));
    const again = await own.post(batch, keyed('k-6'));
    const other = await own.post([batch[0], run(), run({ distance: -1 })], keyed('k-6'));

    expect(again.body.results).toEqual(first.body.results);
    expect(other.status).toBe(207);
    expect(other.body.results.map(({ status }) => status)).toEqual([201, 409, 400]);
  });

  it.each(['', 'a b', 'ü', 'x'.repeat(256)])('is refused as "%s"', async (key) => {
    const { status, body } = await own.post(run(), keyed(key));

    expect(status).toBe(400);
    expect(body.errors[0]?.pointer).toBe('/headers/idempotency-key');
  });
});

describe('an event id', () => {
  it('makes a repeat harmless like a key, in a record and in a batch', async () => {
    const eventId = randomUUID();
    const record = run({ event_id: eventId });

    const first = await own.post(record);
    const again = await own.post(record);
    const batch = await own.post([record, run(), record]);

    expect(again.headers.get('idempotent-replayed')).toBe('true');
    expect(batch.body.results[0]).toMatchObject({ partition: first.body.partition, offset: first.body.offset });
    expect(batch.body.results[2]).toMatchObject({ offset: first.body.offset });
    expect(await countOf(eventId)).toBe(1);
  });

  it('twice in one batch is one record, and a conflict when the contents differ', async () => {
    const [eventId, other] = [randomUUID(), randomUUID()];
    const record = run({ event_id: eventId });

    const { body } = await own.post([record, record, run({ event_id: other }), run({ event_id: other })]);

    expect(body.results.map(({ status }) => status)).toEqual([201, 201, 201, 409]);
    expect(body.results[1]?.offset).toBe(body.results[0]?.offset);
    expect(await countOf(eventId)).toBe(1);
  });
});
