import { problems } from '../problem/problems.ts';
import type { Stream } from '../schema/stream.ts';

const text = (description: string, more: object = {}) => ({ type: 'string', description, ...more });
const number = (description: string) => text(description, { pattern: '^[0-9]+$' });

/** What storage adds to the headers that the record had. Header values are bytes; these are text in UTF-8. */
const deadLetterHeaders = {
  'dead-letter-topic': text('The topic that the record stands in.'),
  'dead-letter-partition': number('Its partition there.'),
  'dead-letter-offset': number('Its offset there.'),
  'dead-letter-stage': text('Where it failed: read as Avro, made into a row, taken by MySQL, compared by event_id.', {
    enum: ['decode', 'table', 'insert', 'conflict'],
  }),
  'dead-letter-code': text('What is wrong with it.', {
    enum: ['undecodable', 'does-not-fit', 'refused', 'idempotency-conflict'],
  }),
  'dead-letter-reason': text('The same for a person, in at most 1,000 characters.'),
  'dead-letter-attempts': number('How often it was tried, redrives among them.'),
  'dead-letter-value': text('Only where the value is left out: where it is.'),
} as const;

const OPTIONAL = 'dead-letter-value';

/** The headers that every dead letter has: what writes them gives each, and no other. */
export type DeadLetterHeader = Exclude<keyof typeof deadLetterHeaders, typeof OPTIONAL>;

/** The topic of what could not be stored, read with care: a record may be in it twice after a crash. */
export const deadLetterChannel = (stream: Stream, bindingVersion: string) => ({
  address: stream.deadLetterTopic,
  title: stream.deadLetterTopic,
  description:
    `Records of ${stream.topic} that storage can never store as they are, with the reason. After a crash one may be here ` +
    'twice; GET /dead-letters has each once, and POST /dead-letters/redrive sends them back.',
  messages: { DeadLetter: deadLetter(stream, bindingVersion) },
  bindings: {
    kafka: {
      topic: stream.deadLetterTopic,
      partitions: 1,
      topicConfiguration: { 'retention.ms': -1 },
      bindingVersion,
    },
  },
});

const deadLetter = (stream: Stream, bindingVersion: string) => ({
  name: 'DeadLetter',
  summary: `A record of ${stream.topic} as it was, byte for byte, and why it is here.`,
  contentType: 'application/octet-stream',
  payload: {
    type: ['string', 'null'],
    format: 'binary',
    description:
      `The value as it stands in ${stream.topic}, Avro or not; null for a tombstone, and for a record of more than ` +
      '800,000 bytes, whose value is in the table dead_letters only.',
  },
  headers: {
    type: 'object',
    description: 'The headers that the record had, and these.',
    properties: deadLetterHeaders,
    required: Object.keys(deadLetterHeaders).filter((name) => name !== OPTIONAL),
  },
  bindings: {
    kafka: {
      key: { type: ['string', 'null'], format: 'binary', description: 'The key as it was, which may be any bytes.' },
      bindingVersion,
    },
  },
  examples: [{ name: 'conflict', headers: exampleOf(stream) }],
});

const exampleOf = (stream: Stream) => ({
  'dead-letter-topic': stream.topic,
  'dead-letter-partition': '1',
  'dead-letter-offset': '4711',
  'dead-letter-stage': 'conflict',
  'dead-letter-code': 'idempotency-conflict',
  'dead-letter-reason': problems['idempotency-conflict'].title,
  'dead-letter-attempts': '1',
});
