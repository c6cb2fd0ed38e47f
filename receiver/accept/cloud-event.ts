import type { IncomingHttpHeaders } from 'node:http';
import type { Fault } from '@millrace/core/problem/problem';
import type { CandidateRecord } from '@millrace/core/record/candidate-record';
import { eventIdOf } from '@millrace/core/record/event-id';
import type { Stream } from '@millrace/core/schema/stream';
import { validate as isUuid } from 'uuid';

/** CloudEvents 1.0.2 (https://github.com/cloudevents/spec): what is read of an event; other attributes are let pass. */
const REQUIRED = ['specversion', 'id', 'source', 'type'];
const MAX_SOURCE = 255;
const JSON_TYPE = /^(application|text)\/([\w.+-]+\+)?json\s*(;|$)/i;

/**
 * A CloudEvent as a record offered: `data` is the record, `id` (with `source`, unless it is a uuid) says who the event
 * is, `source` who brought it, and `time` fills the stream's time field where `data` leaves it out.
 */
export function fromCloudEvent(stream: Stream, event: unknown): CandidateRecord {
  if (!isObject(event)) return { input: event, at: '', faults: [{ pointer: '', message: 'must be a CloudEvent' }] };
  const { id, source, time, data } = event;
  const faults = attributeFaults(event);
  if (faults.length > 0 || typeof id !== 'string' || typeof source !== 'string')
    return { input: data, at: '/data', faults };
  const eventId = isUuid(id) ? id.toLowerCase() : eventIdOf(stream, source, id);
  return { input: withTime(stream, data, time), at: '/data', eventId, source };
}

/** Binary mode: the body is the data, and the attributes stand in `ce-` headers, percent-encoded. */
export function binaryCloudEvent(headers: IncomingHttpHeaders, data: unknown): Readonly<Record<string, unknown>> {
  const attributes = Object.entries(headers)
    .filter(([name]) => name.startsWith('ce-'))
    .map(([name, value]) => [name.slice('ce-'.length), decode(String(value))]);
  return { ...Object.fromEntries(attributes), data };
}

function attributeFaults(event: Readonly<Record<string, unknown>>): Fault[] {
  const faults: Fault[] = [];
  const fault = (name: string, message: string) => faults.push({ pointer: `/${name}`, message });
  for (const name of REQUIRED) {
    if (event[name] === undefined) fault(name, 'is required');
    else if (typeof event[name] !== 'string' || event[name] === '') fault(name, 'must be a text that is not empty');
    else if (!event[name].isWellFormed()) fault(name, 'must be well-formed Unicode: it holds half of a surrogate pair');
  }
  if (typeof event.specversion === 'string' && event.specversion !== '1.0') fault('specversion', 'must be 1.0');
  if (typeof event.source === 'string' && event.source.length > MAX_SOURCE)
    fault('source', `must have at most ${MAX_SOURCE} characters`);
  if (event.datacontenttype !== undefined && !JSON_TYPE.test(String(event.datacontenttype)))
    fault('datacontenttype', 'must be application/json: records are JSON');
  if (event.data_base64 !== undefined) fault('data_base64', 'is not taken: give the record as JSON in data');
  else if (event.data === undefined) fault('data', 'is required');
  return faults;
}

function withTime(stream: Stream, data: unknown, time: unknown): unknown {
  const { name } = stream.time;
  const fits = isObject(data) && data[name] === undefined && stream.fields.some((field) => field === stream.time);
  return fits && time !== undefined && name !== 'ingested_at' ? { ...data, [name]: time } : data;
}

function decode(text: string): string {
  try {
    return decodeURIComponent(text);
  } catch {
    return text;
  }
}

const isObject = (value: unknown): value is Readonly<Record<string, unknown>> =>
  typeof value === 'object' && value !== null && !Array.isArray(value);
