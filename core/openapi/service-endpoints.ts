import { type Access, ADMIN } from '../access/access.ts';
import { type Endpoint, jsonResponse, traceparentHeader } from './document.ts';

const TAG = 'service';

const text = (description: string, mediaType: string) => ({
  description,
  headers: { traceparent: traceparentHeader },
  content: { [mediaType]: { schema: { type: 'string' } } },
});

const readiness = {
  type: 'object',
  properties: {
    status: { type: 'string', enum: ['ready', 'not ready'] },
    service: { type: 'string' },
    checks: {
      type: 'array',
      items: {
        type: 'object',
        properties: { name: { type: 'string' }, ok: { type: 'boolean' }, detail: { type: 'string' } },
        required: ['name', 'ok', 'detail'],
      },
    },
  },
  required: ['status', 'service', 'checks'],
};

/**
 * What every service answers about itself.
 * @param services those that the document is about; the first stands in the examples
 */
export function serviceEndpoints(services: readonly string[]): Endpoint[] {
  const [service] = services;
  const ready = { status: 'ready', service, checks: [{ name: 'service', ok: true, detail: 'running' }] };
  const notReady = { status: 'not ready', service, checks: [{ name: 'service', ok: false, detail: 'starting' }] };
  const alive = {
    type: 'object',
    properties: { status: { type: 'string', const: 'ok' }, service: { type: 'string', enum: services } },
    required: ['status', 'service'],
  };
  const get = (
    path: string,
    operation: Omit<Endpoint['operation'], 'tags' | 'problems'>,
    access: Access = 'public',
  ): Endpoint => ({
    path,
    method: 'get',
    access,
    operation: { ...operation, tags: [TAG], problems: [] },
  });
  return [
    get('/healthz', {
      operationId: 'getHealth',
      summary: 'Does the event loop turn?',
      responses: { 200: jsonResponse('It does.', alive, { status: 'ok', service }) },
    }),
    get('/readyz', {
      operationId: 'getReadiness',
      summary: 'Do its dependencies answer, and does its consumer move?',
      responses: {
        200: jsonResponse('It can serve.', readiness, ready),
        503: jsonResponse('It can not serve now; the checks say why.', readiness, notReady),
      },
    }),
    get(
      '/metrics',
      {
        operationId: 'getMetrics',
        summary: 'Metrics for Prometheus.',
        responses: { 200: text('Metrics in Prometheus’s text format.', 'text/plain') },
      },
      ADMIN,
    ),
    get('/openapi.json', {
      operationId: 'getOpenapi',
      summary: 'This document.',
      responses: { 200: jsonResponse('An OpenAPI 3.1 document.', { type: 'object' }, { openapi: '3.1.0' }) },
    }),
    get('/docs', {
      operationId: 'getDocs',
      summary: 'This document as a page, to read and to try.',
      responses: { 200: text('Swagger UI.', 'text/html') },
    }),
  ];
}
