import { type Endpoint, jsonResponse, schemaRef, traceparentHeader } from '@millrace/core/openapi/document';
import { endpoint, inPath, withBody } from './operation.ts';
import { connectorExample } from './sync-schemas.ts';

const connector = inPath('connector', 'The connector.', 'museum');
const entity = inPath('entity', 'The entity.', 'customers');
const cursor = { description: 'Any JSON that the connector understands.' };
const paused = (value: boolean) =>
  jsonResponse(
    'Its state.',
    {
      type: 'object',
      properties: { name: { type: 'string' }, paused: { type: 'boolean' } },
      required: ['name', 'paused'],
    },
    { name: 'museum', paused: value },
  );
const moved = withBody({ cursor }, ['cursor'], { cursor: { since: '2026-03-01T00:00:00Z' } });

export const connectorEndpoints: readonly Endpoint[] = [
  endpoint('get', '/', {
    operationId: 'getSync',
    summary: 'The connectors that are set up.',
    responses: {
      200: jsonResponse(
        'Their names.',
        {
          type: 'object',
          properties: { status: { const: 'ok' }, connectors: { type: 'array', items: { type: 'string' } } },
          required: ['status', 'connectors'],
        },
        { status: 'ok', connectors: ['museum'] },
      ),
    },
  }),
  endpoint('get', '/sync/connectors', {
    operationId: 'listConnectors',
    summary: 'Connectors: entities, cursors, schedules, what is left of the budget.',
    responses: {
      200: jsonResponse('Connectors.', { type: 'array', items: schemaRef('SyncConnector') }, [connectorExample]),
    },
  }),
  endpoint('post', '/sync/connectors/{connector}/check', {
    operationId: 'checkConnector',
    summary: 'Try its credentials and reach. Changes nothing.',
    parameters: [connector],
    responses: { 200: jsonResponse('What came of it.', schemaRef('SyncCheck'), { ok: true, detail: 'answers' }) },
    problems: ['invalid-parameter', 'not-found'],
  }),
  endpoint('post', '/sync/connectors/{connector}/pause', {
    operationId: 'pauseConnector',
    summary: 'Begin no further run; one that runs goes on.',
    parameters: [connector],
    responses: { 200: paused(true) },
    problems: ['invalid-parameter', 'not-found'],
  }),
  endpoint('post', '/sync/connectors/{connector}/resume', {
    operationId: 'resumeConnector',
    summary: 'Let it run again.',
    parameters: [connector],
    responses: { 200: paused(false) },
    problems: ['invalid-parameter', 'not-found'],
  }),
  endpoint('put', '/sync/connectors/{connector}/{entity}/cursor', {
    operationId: 'putCursor',
    summary: 'Set where the next read begins. Only while the connector is paused.',
    parameters: [connector, entity],
    ...moved,
    responses: {
      200: jsonResponse(
        'The cursor.',
        {
          type: 'object',
          properties: { connector: { type: 'string' }, entity: { type: 'string' }, cursor },
          required: ['connector', 'entity', 'cursor'],
        },
        { connector: 'museum', entity: 'customers', cursor: { since: '2026-03-01T00:00:00Z' } },
      ),
    },
    problems: [...moved.problems, 'not-found', 'wrong-state', 'already-running'],
  }),
  endpoint('delete', '/sync/connectors/{connector}/{entity}/cursor', {
    operationId: 'deleteCursor',
    summary: 'Have the next read begin at the start. Only while the connector is paused.',
    parameters: [connector, entity],
    responses: { 204: { description: 'It has no cursor.', headers: { traceparent: traceparentHeader } } },
    problems: ['invalid-parameter', 'not-found', 'wrong-state', 'already-running'],
  }),
];
