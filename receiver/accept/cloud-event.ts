import type { Fault } from '@millrace/core/problem/problem';
import type { CandidateRecord } from '@millrace/core/record/candidate-record';
import { eventIdOf } from '@millrace/core/record/event-id';
import { parseInstant } from '@millrace/core/schema/rfc3339';
import type { Stream } from '@millrace/core/schema/stream';
import { validate as isUuid } from 'uuid';

/** CloudEvents 1.0.2 (https://github.com/cloudevents/spec): the attributes that are read; extension attributes are ignored. */
const REQUIRED = ['specversion', 'id', 'source', 'type'];
const OPTIONAL = ['subject', 'dataschema'];
const MAX_SOURCE = 255;
/** What the type String leaves out (section "Type System"). */
const NOT_ALLOWED = /\p{Cc}|\p{Noncharacter_Code_Point}/u;
const JSON_TYPE = /^(application|text)\/([\w.+-]+\+)?json\s*(;|$)/i;

type Attributes = Readonly<Record<string, unknown>>;

/** Whether a media type says that data is JSON, as `application/vnd.acme.run+json` does too. */
export const isJsonType = (type: string): boolean => JSON_TYPE.test(type);

/**
 * A CloudEvent as a candidate record: `data` is the record, `id` (with `source`, unless it is a uuid) identifies the event,
 * `source` says who brought it, and `time` fills the stream's time field where `data` leaves it out. Of a known sender `source` is only
 * a part of the event's name, within the names of that sender: nobody posts as another, or takes another's names.
 * @param sender the token's `sub`; undefined without a token
 * @param found faults found before, by attribute
 */
export function fromCloudEvent(
  stream: Stream,
  event: unknown,
  sender: string | undefined,
  found: readonly Fault[] = [],
): CandidateRecord {
  if (!isObject(event)) return { input: event, at: '', faults: [{ pointer: '', message: 'must be a CloudEvent' }] };
  const attributes = withoutNulls(event);
  const { id, source, time, data } = attributes;
  const isFound = ({ pointer }: Fault) => found.some((fault) => fault.pointer === pointer);
  const faults = [...found, ...attributeFaults(attributes).filter((fault) => !isFound(fault))];
  if (faults.length > 0 || typeof id !== 'string' || typeof source !== 'string')
    return { input: data, at: '/data', faults };
  const record = { input: withTime(stream, data, time), at: '/data' };
  const uuid = isUuid(id) ? id.toLowerCase() : undefined;
  if (sender !== undefined) return { ...record, eventId: uuid ?? eventIdOf(stream, sender, nameOf(source, id)) };
  return { ...record, eventId: uuid ?? eventIdOf(stream, source, id), source };
}

/** It has brackets, which no idempotency key has. */
const nameOf = (source: string, id: string) => JSON.stringify([source, id]);

/** An attribute that is null is unset (JSON event format, section 2.2). */
const withoutNulls = (event: Attributes): Attributes =>
  Object.values(event).includes(null)
    ? Object.fromEntries(Object.entries(event).filter(([, value]) => value !== null))
    : event;

function attributeFaults(event: Attributes): Fault[] {
  const faults: Fault[] = [];
  const fault = (name: string, message: string) => faults.push({ pointer: `/${name}`, message });
  for (const name of [...REQUIRED, ...OPTIONAL.filter((each) => event[each] !== undefined)]) {
    const value = event[name];
    if (value === undefined) fault(name, 'is required');
    else if (typeof value !== 'string' || value === '') fault(name, 'must be a text that is not empty');
    else if (!value.isWellFormed()) fault(name, 'must be well-formed Unicode: it holds half of a surrogate pair');
    else if (NOT_ALLOWED.test(value)) fault(name, 'must hold no control characters');
  }
  if (typeof event.specversion === 'string' && event.specversion !== '1.0') fault('specversion', 'must be 1.0');
  if (typeof event.source === 'string' && event.source.length > MAX_SOURCE)
    fault('source', `must have at most ${MAX_SOURCE} characters`);
  if (event.time !== undefined && (typeof event.time !== 'string' || parseInstant(event.time) === undefined))
    fault('time', 'must be an RFC 3339 date-time such as 2026-03-14T07:32:10Z');
  if (event.datacontenttype !== undefined && !isJsonType(String(event.datacontenttype)))
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

const isObject = (value: unknown): value is Readonly<Record<string, unknown>> =>
  typeof value === 'object' && value !== null && !Array.isArray(value);
