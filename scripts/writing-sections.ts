import { exampleOf, rowExampleOf } from '@millrace/core/openapi/example-of';
import type { Stream } from '@millrace/core/schema/stream';
import { takesDeletes } from '../receiver/remove/takes-deletes.ts';
import { json, shell } from './markdown.ts';

export const HOST = 'http://127.0.0.1';

/** How clients write it, if they do. */
export function writingSections(stream: Stream): string[] {
  if (!stream.isPosted) return ['Millrace alone writes it: a POST is answered 405.'];
  const { event_id, trace_id, [stream.key.name]: key } = rowExampleOf(stream);
  const place = { topic: stream.topic, partition: 0, offset: 0 };
  const url = `${HOST}:8081${stream.path}`;
  const body = quoted(JSON.stringify(exampleOf(stream), null, 2));
  return [
    '## Post one',
    shell(`curl -X POST ${url}${bearer(stream)} -H 'content-type: application/json' -d '${body}'`),
    'The answer, 201, says where Kafka has it. Send a JSON array or `application/x-ndjson` for many.',
    json({ event_id, key: String(key), trace_id, ...place }),
    ...(takesDeletes(stream)
      ? [
          '## Remove one',
          shell(`curl -X DELETE ${url}/${encodeURIComponent(String(key))}${bearer(stream)}`),
          'The answer, 202, says where Kafka has the tombstone. The topic keeps what was.',
          json({ key: String(key), trace_id, ...place, offset: 1 }),
        ]
      : []),
  ];
}

/** Where `AUTH` is `required`, every stream needs it. */
export const bearer = ({ access }: Stream): string => (access === 'token' ? ' -H "authorization: Bearer $TOKEN"' : '');

const quoted = (text: string) => text.replaceAll("'", "'\\''");
