import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import specs from '@asyncapi/specs';
import { schemasDir } from '@millrace/schemas/schemas-dir';
import { Ajv } from 'ajv';
import { describe, expect, it } from 'vitest';
import { loadStreams } from '../schema/load-streams.ts';
import { parseStream } from '../schema/parse-stream.ts';
import { asyncapiOf } from './asyncapi-of.ts';

const journeys = parseStream(
  'test/journeys.avsc',
  await readFile(join(import.meta.dirname, '../test/journeys.avsc'), 'utf8'),
);

/** The published schema is large. */
const SLOW_MS = 30_000;

describe('asyncapiOf', () => {
  it(
    'is valid by the published schema of AsyncAPI 3.0',
    async () => {
      const ajv = new Ajv({
        meta: false,
        validateSchema: false,
        strict: false,
        allErrors: true,
        validateFormats: false,
      });
      const validate = ajv.compile(specs.schemas['3.0.0']);

      validate(asyncapiOf([...(await loadStreams(schemasDir)), journeys]));

      expect(validate.errors).toBeNull();
    },
    SLOW_MS,
  );

  it('says of a topic what a consumer needs: key, schema, headers, partitions, retention', () => {
    expect(asyncapiOf([journeys])).toMatchObject({
      channels: {
        journeys: {
          address: 'journeys',
          messages: {
            Journeys: {
              payload: { schema: journeys.avro },
              headers: { properties: { traceparent: { type: 'string' } } },
              bindings: { kafka: { schemaIdLocation: 'payload' } },
            },
          },
          bindings: { kafka: { partitions: 2, topicConfiguration: { 'retention.ms': -1 } } },
        },
      },
    });
  });

  it('says of a dead-letter topic what its key, value and headers hold', () => {
    expect(asyncapiOf([journeys])).toMatchObject({
      channels: {
        'journeys.dead-letter': {
          address: 'journeys.dead-letter',
          messages: {
            DeadLetter: {
              contentType: 'application/octet-stream',
              payload: { type: ['string', 'null'] },
              headers: { required: expect.arrayContaining(['dead-letter-topic', 'dead-letter-reason']) },
              bindings: { kafka: { key: { type: ['string', 'null'] } } },
            },
          },
          bindings: { kafka: { partitions: 1 } },
        },
      },
      operations: { receiveJourneysDeadLetters: { channel: { $ref: '#/channels/journeys.dead-letter' } } },
    });
  });
});
