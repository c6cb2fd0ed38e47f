import { ADMIN } from '@millrace/core/access/access';
import {
  type Endpoint,
  jsonResponse,
  type Operation,
  type Parameter,
  schemaRef,
} from '@millrace/core/openapi/document';
import { cursorParameter, limitParameter, orderParameter } from '@millrace/core/openapi/parameters';
import { count, filters, LETTER, letterExample, REDRIVE } from './dead-letter-schemas.ts';

const TAGS = ['dead letters'];

const filterDocs: Readonly<Record<string, string>> = {
  stream: 'The stream that the record was for.',
  topic: 'The topic that the record stood in.',
  stage: 'Where storing it failed.',
  code: 'Why, as a code.',
  event_id: 'The event, where the record had one.',
  id: 'One dead letter.',
  start_timestamp: 'Set aside at this time or later.',
  end_timestamp: 'Set aside before this time.',
};
/** Browsing what could not be stored, and sending it back. */
export const deadLetterEndpoints = (): Endpoint[] => [
  { path: '/dead-letters', method: 'get', access: ADMIN, operation: listOperation },
  { path: '/dead-letters/{id}', method: 'get', access: ADMIN, operation: findOperation },
  { path: '/dead-letters/redrive', method: 'post', access: ADMIN, operation: redriveOperation },
  { path: '/dead-letters/redrives/{id}', method: 'get', access: ADMIN, operation: progressOperation },
];

const parameters: Parameter[] = Object.entries(filters).map(([name, schema]) => ({
  name,
  in: 'query',
  description: filterDocs[name] ?? '',
  schema,
}));

const idParameter = (description: string, example: string): Parameter => ({
  name: 'id',
  in: 'path',
  required: true,
  description,
  schema: { type: 'string', format: 'uuid' },
  example,
});

const listOperation: Operation = {
  operationId: 'listDeadLetters',
  summary: 'Records that could not be stored, and why.',
  tags: TAGS,
  parameters: [
    ...parameters,
    {
      name: 'redriven',
      in: 'query',
      description: 'Only those that were sent back, or only those that were not.',
      schema: { type: 'boolean' },
    },
    limitParameter,
    cursorParameter,
    orderParameter('desc'),
  ],
  responses: {
    200: jsonResponse(
      'Dead letters in the order in which they were written.',
      { type: 'array', items: schemaRef('DeadLetter') },
      [letterExample],
    ),
  },
  problems: ['invalid-parameter', 'database-unavailable'],
};

const findOperation: Operation = {
  operationId: 'getDeadLetter',
  summary: 'One dead letter, with its value.',
  tags: TAGS,
  parameters: [idParameter('The dead letter.', LETTER)],
  responses: {
    200: jsonResponse('The dead letter.', schemaRef('DeadLetter'), letterExample),
  },
  problems: ['invalid-parameter', 'not-found', 'database-unavailable'],
};

const counts = { matched: count, exhausted: count };

const redriveOperation: Operation = {
  operationId: 'redriveDeadLetters',
  summary: 'Send dead letters back to the topics they came from.',
  description:
    'Key, value and event ids are kept, so what was stored meanwhile is not stored twice. A dead letter that was tried ' +
    '`max_attempts` times stays. With `dry_run` nothing is sent.',
  tags: TAGS,
  requestBody: {
    required: true,
    content: {
      'application/json': {
        schema: {
          type: 'object',
          properties: {
            filter: schemaRef('DeadLetterFilter'),
            dry_run: { type: 'boolean', default: false },
            max_attempts: { type: 'integer', minimum: 1, maximum: 1000, default: 5 },
          },
          additionalProperties: false,
        },
        examples: { try: { value: { filter: { stream: 'running', stage: 'decode' }, dry_run: true } } },
      },
    },
  },
  responses: {
    200: jsonResponse(
      'What a redrive would send (`dry_run`).',
      { type: 'object', properties: { dry_run: { const: true }, ...counts }, required: ['dry_run', 'matched'] },
      { dry_run: true, matched: 3, exhausted: 0 },
    ),
    202: jsonResponse(
      'The redrive has begun.',
      {
        type: 'object',
        properties: { redrive_id: { type: 'string', format: 'uuid' }, ...counts },
        required: ['redrive_id', 'matched'],
      },
      { redrive_id: REDRIVE, matched: 3, exhausted: 0 },
    ),
  },
  problems: [
    'invalid-parameter',
    'malformed-json',
    'malformed-body',
    'request-aborted',
    'body-too-large',
    'unsupported-media-type',
    'database-unavailable',
  ],
};

const progressOperation: Operation = {
  operationId: 'getRedrive',
  summary: 'How far a redrive has come.',
  tags: TAGS,
  parameters: [idParameter('The redrive, as the answer to its start named it.', REDRIVE)],
  responses: {
    200: jsonResponse(
      'The redrive.',
      {
        type: 'object',
        properties: {
          redrive_id: { type: 'string', format: 'uuid' },
          status: { type: 'string', enum: ['running', 'done', 'stopped', 'failed'] },
          filter: { type: 'object' },
          max_attempts: count,
          ...counts,
          sent: count,
        },
        required: ['redrive_id', 'status', 'filter', 'max_attempts', 'matched', 'sent', 'exhausted'],
      },
      {
        redrive_id: REDRIVE,
        status: 'done',
        filter: { stream: 'running' },
        max_attempts: 5,
        matched: 3,
        exhausted: 0,
        sent: 3,
      },
    ),
  },
  problems: ['invalid-parameter', 'not-found', 'database-unavailable'],
};
