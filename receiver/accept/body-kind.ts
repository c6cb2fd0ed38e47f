import type { IncomingHttpHeaders } from 'node:http';
import { repeated } from '@millrace/core/http/body-problems';
import { Problem } from '@millrace/core/problem/problem';
import { isBinaryCloudEvent } from './binary-cloud-event.ts';
import { isJsonType } from './cloud-event.ts';

/** How a body holds its records: one or an array as JSON, one a line, or in CloudEvents' structured, batched or binary mode. */
export type BodyKind = 'json' | 'lines' | 'event' | 'events' | 'data';

const KINDS: ReadonlyMap<string, BodyKind> = new Map([
  ['application/json', 'json'],
  ['application/x-ndjson', 'lines'],
  ['application/ndjson', 'lines'],
  ['application/jsonl', 'lines'],
  ['application/cloudevents+json', 'event'],
  ['application/cloudevents-batch+json', 'events'],
]);
const ACCEPT = [...KINDS.keys()].join(', ');

/** Throws `unsupported-media-type` for a body that is none of these, or in another character set than UTF-8. */
export function bodyKind(headers: IncomingHttpHeaders): BodyKind {
  const type = headers['content-type'] ?? '';
  const mediaType = type === 'application/json' ? type : mediaTypeOf(type);
  const kind = KINDS.get(mediaType);
  if (kind !== 'event' && kind !== 'events' && isBinaryCloudEvent(headers)) {
    if (mediaType === '' || isJsonType(mediaType)) return 'data';
    throw refused(`The data of a CloudEvent is JSON here, not ${repeated(type)}.`);
  }
  if (kind === undefined)
    throw refused(type === '' ? 'There is no Content-Type.' : `${repeated(type)} is not taken here.`);
  return kind;
}

function mediaTypeOf(type: string): string {
  const [name = '', ...parameters] = type.toLowerCase().split(';');
  const charset = parameters
    .map((parameter) => /^\s*charset\s*=\s*"?([^"\s]*)"?\s*$/.exec(parameter)?.[1])
    .find(Boolean);
  if (charset !== undefined && charset !== 'utf-8' && charset !== 'utf8')
    throw refused(`The character set must be UTF-8.`);
  return name.trim();
}

const refused = (reason: string) =>
  new Problem('unsupported-media-type', `${reason} Send one of ${ACCEPT}.`, { headers: { accept: ACCEPT } });
