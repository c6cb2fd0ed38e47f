import { RULES } from '@millrace/core/access/access';
import {
  type Endpoint,
  jsonResponse,
  type Operation,
  schemaRef,
  traceparentHeader,
} from '@millrace/core/openapi/document';
import { cursorParameter, instantSchema, limitParameter } from '@millrace/core/openapi/parameters';
import type { ProblemCode } from '@millrace/core/problem/problems';
import type { JsonSchema } from '@millrace/core/schema/json-schema';
import { BODY, inPath, jsonBody } from '../../openapi/operations.ts';
import { PATH } from '../routes/path.ts';
import { attemptExample, DELIVERY, deliveryExample, EVENT, newExample } from './delivery-examples.ts';
import { definitionProperties } from './delivery-schemas.ts';

type Own = Omit<Operation, 'tags' | 'problems'> & { readonly problems?: readonly ProblemCode[] };

const at = (method: Endpoint['method'], path: string, { problems = [], ...own }: Own): Endpoint => ({
  ...{ method, path: `${PATH}${path}`, access: RULES },
  operation: { ...own, tags: ['deliveries'], problems: [...problems, 'database-unavailable'] },
});

const body = (properties: Readonly<Record<string, JsonSchema>>, required: readonly string[], value: unknown) =>
  jsonBody({ type: 'object', properties, required, additionalProperties: false }, value);

const deliveryId = inPath('id', 'The delivery.', DELIVERY);
const shown = (description: string) => ({ 200: jsonResponse(description, schemaRef('Delivery'), deliveryExample) });
const secret: JsonSchema = {
  type: 'string',
  description: 'Only where it was generated, and only here: it is not shown again.',
};
const idSchema = { delivery_id: { type: 'string' } };
const { from: _, ...changedExample } = { ...newExample, secret: 'generate' };

const recovered: JsonSchema = {
  type: 'object',
  properties: { ...idSchema, dry_run: { type: 'boolean' }, events: { type: 'integer', minimum: 0 } },
  required: ['delivery_id', 'dry_run', 'events'],
};
const tested: JsonSchema = {
  type: 'object',
  properties: {
    ok: { type: 'boolean' },
    event_id: { type: 'string' },
    status: { type: ['integer', 'null'] },
    error: { type: ['string', 'null'] },
    response: { type: ['string', 'null'] },
    duration_ms: { type: 'integer' },
  },
  required: ['ok', 'event_id', 'status', 'error', 'response', 'duration_ms'],
};

/** The routes of deliveries. */
export const deliveryEndpoints: readonly Endpoint[] = [
  at('get', '', {
    operationId: 'listDeliveries',
    summary: 'Deliveries and how they stand, in the order in which they were made.',
    parameters: [limitParameter, cursorParameter],
    responses: { 200: jsonResponse('Deliveries.', { type: 'array', items: schemaRef('Delivery') }, [deliveryExample]) },
    problems: ['invalid-parameter'],
  }),
  at('post', '', {
    operationId: 'createDelivery',
    summary: 'Send a stream’s events to an endpoint.',
    description: 'Each event is sent at least once, those of one key in order, signed as Standard Webhooks says.',
    requestBody: body(
      {
        ...definitionProperties,
        from: {
          type: 'string',
          default: 'now',
          description:
            'Which events are sent first: `now`, those from here on; `start`, all; or a time, those appended since.',
        },
      },
      ['name', 'stream', 'url'],
      newExample,
    ),
    responses: {
      201: {
        ...jsonResponse(
          'It is kept, and events are sent from here on.',
          { type: 'object', properties: { ...idSchema, secret }, required: ['delivery_id'] },
          { delivery_id: DELIVERY, secret: 'whsec_C2FVsBQIhrscChlQIMV+b5sSYspob7oD' },
        ),
        headers: {
          location: { description: 'The delivery.', schema: { type: 'string' } },
          traceparent: traceparentHeader,
        },
      },
    },
    problems: [...BODY, 'wrong-state'],
  }),
  at('get', '/{id}', {
    operationId: 'getDelivery',
    summary: 'A delivery and how it stands.',
    parameters: [deliveryId],
    responses: shown('The delivery.'),
    problems: ['not-found'],
  }),
  at('put', '/{id}', {
    operationId: 'replaceDelivery',
    summary: 'Change where and what is sent, or the secret.',
    description: 'A new secret signs at once. The one before it signs, too, for `DELIVERIES_SECRET_OVERLAP_SECONDS`.',
    parameters: [deliveryId],
    requestBody: body(definitionProperties, ['name', 'stream', 'url'], changedExample),
    responses: {
      200: jsonResponse(
        'It is changed; an event that is under way may still be sent as before.',
        { type: 'object', properties: { ...idSchema, secret }, required: ['delivery_id'] },
        { delivery_id: DELIVERY, secret: 'whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw' },
      ),
    },
    problems: [...BODY, 'not-found', 'wrong-state'],
  }),
  at('delete', '/{id}', {
    operationId: 'deleteDelivery',
    summary: 'End a delivery, with all that is known of it.',
    parameters: [deliveryId],
    responses: { 204: { description: 'It has ended.', headers: { traceparent: traceparentHeader } } },
    problems: ['not-found'],
  }),
  at('get', '/{id}/attempts', {
    operationId: 'listAttempts',
    summary: 'Attempts of a delivery, the newest first.',
    parameters: [deliveryId, limitParameter, cursorParameter],
    responses: {
      200: jsonResponse('Attempts.', { type: 'array', items: schemaRef('DeliveryAttempt') }, [attemptExample]),
    },
    problems: ['invalid-parameter', 'not-found'],
  }),
  at('post', '/{id}/recover', {
    operationId: 'recoverDelivery',
    summary: 'Try failed events again.',
    description:
      'Those that were appended from `since` to before `until`. They come after what was delivered meanwhile.',
    parameters: [deliveryId],
    requestBody: body(
      {
        since: instantSchema,
        until: { ...instantSchema, description: 'Now when left out.' },
        dry_run: { type: 'boolean', default: false, description: 'Only say how many there are.' },
      },
      ['since'],
      { since: '2026-03-14T07:00:00Z', until: '2026-03-14T09:00:00Z', dry_run: true },
    ),
    responses: {
      200: jsonResponse('How many there are (of a dry run).', recovered, {
        delivery_id: DELIVERY,
        dry_run: true,
        events: 12,
      }),
      202: jsonResponse('How many are tried again.', recovered, { delivery_id: DELIVERY, dry_run: false, events: 12 }),
    },
    problems: [...BODY, 'not-found', 'wrong-state'],
  }),
  at('post', '/{id}/pause', {
    operationId: 'pauseDelivery',
    summary: 'Send nothing until it is resumed.',
    parameters: [deliveryId],
    responses: shown('The delivery, paused.'),
    problems: ['not-found'],
  }),
  at('post', '/{id}/resume', {
    operationId: 'resumeDelivery',
    summary: 'Send again, from where it stopped.',
    description: 'Also after 410. What waits is tried at once, for as long as if it was new.',
    parameters: [deliveryId],
    responses: shown('The delivery.'),
    problems: ['not-found', 'wrong-state'],
  }),
  at('post', '/{id}/test', {
    operationId: 'testDelivery',
    summary: 'Send one made-up event now.',
    description: 'Signed as all are, in whatever state the delivery is.',
    parameters: [deliveryId],
    responses: {
      200: jsonResponse('What the endpoint did.', tested, {
        ...{ ok: true, event_id: EVENT, status: 204, error: null, response: '', duration_ms: 38 },
      }),
    },
    problems: ['not-found', 'wrong-state'],
  }),
];
