import { readOf } from '@millrace/core/access/access';
import { type Endpoint, jsonResponse, type Operation, type Schemas, schemaRef } from '@millrace/core/openapi/document';
import type { Stream } from '@millrace/core/schema/stream';
import { parkingPath, parkingStreams } from '../parking/parking-streams.ts';

const example = { pass_type: 'General', limit: 800, issued: 312, left: 488 };
const countOrNull = { type: ['integer', 'null'], minimum: 0 };

export function parkingEndpoints(streams: readonly Stream[]): Endpoint[] {
  const found = parkingStreams(streams);
  if (!found) return [];
  return [
    { path: parkingPath('{id}'), method: 'get', access: readOf(found.passes), operation: operationOf(found.events) },
  ];
}

export const parkingSchemas = (streams: readonly Stream[]): Schemas =>
  parkingStreams(streams) ? { ParkingAvailability: schema } : {};

const schema = {
  type: 'object',
  description: 'How many parking passes of a type there are.',
  properties: {
    pass_type: { type: 'string' },
    limit: { ...countOrNull, description: 'As PARKING_LIMITS says; null for a type that it does not name.' },
    issued: { type: 'integer', minimum: 0, description: 'Those that the vendor still has.' },
    left: { ...countOrNull, description: 'Null where there is no limit.' },
  },
  required: Object.keys(example),
  additionalProperties: false,
};

const operationOf = ({ domain }: Stream): Operation => ({
  operationId: 'getParkingAvailability',
  summary: 'How many parking passes of an event are left.',
  description: 'Of each type in the order of PARKING_LIMITS. Passes that the vendor no longer has are not counted.',
  tags: [domain || 'streams'],
  parameters: [
    {
      name: 'id',
      in: 'path',
      required: true,
      description: "The vendor's id of the event.",
      schema: { type: 'string' },
      example: 'EV-1041',
    },
  ],
  responses: {
    200: jsonResponse('A type each.', { type: 'array', items: schemaRef('ParkingAvailability') }, [example]),
  },
  problems: ['invalid-parameter', 'not-found', 'database-unavailable', 'query-timeout'],
});
