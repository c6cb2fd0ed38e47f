import type { Authorize } from '@millrace/core/access/authenticate';
import { ANONYMOUS } from '@millrace/core/access/caller';
import { eventIdOf } from '@millrace/core/record/event-id';
import { describe, expect, it } from 'vitest';
import { receiverWithoutKafka } from '../test/receiver-without-kafka.ts';

const schema = {
  type: 'record',
  name: 'Post',
  stream: { path: '/posts', time: 'ingested_at' },
  fields: [{ name: 'message', type: 'string' }],
};
const data = { message: 'Hello World!' };
const event = (id: string, source = 'phone') => ({ specversion: '1.0', type: 'posted', id, source, data });
const EVENT = { 'content-type': 'application/cloudevents+json' };
const EVENTS = { 'content-type': 'application/cloudevents-batch+json' };
const binary = (id: string) => ({
  ...{ 'ce-specversion': '1.0', 'ce-type': 'posted', 'ce-id': id, 'ce-source': 'phone' },
});

/** The token's text is its `sub`. */
const bySub: Authorize = ({ headers: { authorization } }) => {
  const subject = authorization?.replace('Bearer ', '');
  return subject === undefined ? ANONYMOUS : { subject, clientId: subject, scopes: new Set(['ingest']) };
};
const watch = { authorization: 'Bearer watch' };
const phone = { authorization: 'Bearer phone' };

describe('who holds a token', () => {
  it.each<[string, unknown, Record<string, string>]>([
    ['a CloudEvent', event('e-1'), EVENT],
    ['a CloudEvent with a uuid', event('0b7b1c1e-3c55-4a2b-8a3e-5f2d7e6c9a10'), EVENT],
    ['a batch of CloudEvents', [event('e-1')], EVENTS],
    ['a CloudEvent in binary mode', data, binary('e-1')],
    ['a record', data, {}],
  ])('is the source of %s, whatever it says', async (_, body, headers) => {
    const { post, written } = await receiverWithoutKafka(schema, { authorize: bySub });

    const { status } = await post(body, { ...headers, ...watch });

    expect([status, written()[0]?.source]).toEqual([201, 'watch']);
  });

  it.each(['source', 'trace_id', 'ingested_at'])('can not give %s itself', async (name) => {
    const { post, written } = await receiverWithoutKafka(schema, { authorize: bySub });

    const { status, body } = await post({ ...data, [name]: 'phone' }, watch);

    expect([status, body.errors[0].pointer, written()]).toEqual([400, `/${name}`, []]);
  });

  it('can not take the names that another’s events will have', async () => {
    const { post, stream } = await receiverWithoutKafka(schema, { authorize: bySub });

    const { body: forged } = await post(event('run-1'), { ...EVENT, ...watch });
    const { body: real } = await post(event('run-1'), { ...EVENT, ...phone });
    const { body: keyed } = await post({ message: 'mine' }, { ...phone, 'idempotency-key': 'run-1' });

    expect(new Set([forged.event_id, real.event_id, keyed.event_id]).size).toBe(3);
    expect(keyed.event_id).toBe(eventIdOf(stream, 'phone', 'run-1'));
  });

  it('has a CloudEvent known by id and source together, also where it comes again', async () => {
    const { post } = await receiverWithoutKafka(schema, { authorize: bySub });

    const first = await post(event('run-1', '/a'), { ...EVENT, ...watch });
    const again = await post(event('run-1', '/a'), { ...EVENT, ...watch });
    const other = await post(event('run-1', '/b'), { ...EVENT, ...watch });

    expect([again.body, again.headers.get('idempotent-replayed')]).toEqual([
      { ...first.body, trace_id: again.body.trace_id },
      'true',
    ]);
    expect(other.body.event_id).not.toBe(first.body.event_id);
  });
});
