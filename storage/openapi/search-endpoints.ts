import { readOf } from '@millrace/core/access/access';
import { type Endpoint, jsonResponse, type Operation, type Schemas, schemaRef } from '@millrace/core/openapi/document';
import { cursorParameter, limitParameter } from '@millrace/core/openapi/parameters';
import type { Stream } from '@millrace/core/schema/stream';
import { listingsStream, SEARCH_PATH } from '../search/listings-stream.ts';
import { LOCAL_TIME } from '../search/local-time.ts';

const eventExample = {
  id: '1642',
  title: 'Camela in concert',
  start_date: '2026-06-30',
  start_time: '21:00:00',
  end_date: '2026-06-30',
  end_time: '22:00:00',
  min_price: 15,
  max_price: 30.5,
};
const textOrNull = { type: ['string', 'null'] };
const priceOrNull = { type: ['number', 'null'], minimum: 0 };

export function searchEndpoints(streams: readonly Stream[]): Endpoint[] {
  const stream = listingsStream(streams);
  return stream ? [{ path: SEARCH_PATH, method: 'get', access: readOf(stream), operation: operationOf(stream) }] : [];
}

export const searchSchemas = (streams: readonly Stream[]): Schemas =>
  listingsStream(streams) ? { FoundEvent: foundEvent, FoundEvents: found, SearchRefusal: refusal } : {};

const foundEvent = {
  type: 'object',
  description:
    'One plan that is or was on sale online, with its latest known values. Times are those of its provider’s clock.',
  properties: {
    id: { type: 'string', description: 'The plan’s own id.' },
    title: textOrNull,
    start_date: { type: 'string', format: 'date' },
    start_time: textOrNull,
    end_date: { ...textOrNull, format: 'date' },
    end_time: textOrNull,
    min_price: priceOrNull,
    max_price: priceOrNull,
  },
  required: Object.keys(eventExample),
  additionalProperties: false,
};

const found = {
  type: 'object',
  properties: {
    data: {
      type: 'object',
      properties: { events: { type: 'array', items: schemaRef('FoundEvent') } },
      required: ['events'],
      additionalProperties: false,
    },
    error: { type: 'null' },
  },
  required: ['data', 'error'],
  additionalProperties: false,
};

const refusal = {
  type: 'object',
  properties: {
    data: { type: 'null' },
    error: {
      type: 'object',
      properties: { code: { type: 'string' }, message: { type: 'string', description: 'Every fault.' } },
      required: ['code', 'message'],
      additionalProperties: false,
    },
  },
  required: ['data', 'error'],
  additionalProperties: false,
};

const text = { type: 'string' };
const moment = { ...text, pattern: LOCAL_TIME.source };
const headers = {
  etag: { description: 'Of this very answer: sent back as `If-None-Match`, it is answered with 304.', schema: text },
  'cache-control': {
    description: 'The client may keep the answer, and asks each time whether it still holds.',
    schema: text,
  },
  link: { description: 'The next page while there is one: `<…>; rel="next"` (RFC 8288).', schema: text },
};

function operationOf({ domain }: Stream): Operation {
  const answer = jsonResponse('Plans in the order of start and id.', schemaRef('FoundEvents'), {
    data: { events: [eventExample] },
    error: null,
  });
  return {
    operationId: 'searchEvents',
    summary: 'What was ever on sale online, by time.',
    description:
      'Plans that start at `starts_at` or later and have ended by `ends_at`, both compared with the provider’s own clock: an offset of a ' +
      'bound changes nothing. Past events stay, and so does what its provider no longer lists. A plan that was only ever `offline` is not shown.',
    tags: [domain || 'streams'],
    parameters: [
      {
        name: 'starts_at',
        in: 'query',
        description: 'The earliest start.',
        schema: moment,
        example: '2026-06-01T00:00:00Z',
      },
      { name: 'ends_at', in: 'query', description: 'The latest end.', schema: moment, example: '2026-07-01T00:00:00Z' },
      {
        name: 'available',
        in: 'query',
        description: 'Only what is on sale online now: neither withdrawn nor ended.',
        schema: { type: 'boolean', default: false },
      },
      {
        name: 'provider',
        in: 'query',
        description: 'Only plans of this provider.',
        schema: { type: 'string', minLength: 1 },
      },
      limitParameter,
      cursorParameter,
    ],
    responses: {
      200: { ...answer, headers: { ...answer.headers, ...headers } },
      304: { description: 'The answer is the one that `If-None-Match` names.', headers: answer.headers ?? {} },
      400: jsonResponse('A parameter is refused.', schemaRef('SearchRefusal'), {
        data: null,
        error: { code: 'invalid-parameter', message: 'limit must be a whole number from 1 to 1000' },
      }),
    },
    problems: ['invalid-parameter', 'database-unavailable', 'query-timeout'],
  };
}
