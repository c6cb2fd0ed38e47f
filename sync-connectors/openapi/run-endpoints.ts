import { type Endpoint, jsonResponse, schemaRef } from '@millrace/core/openapi/document';
import { cursorParameter, limitParameter } from '@millrace/core/openapi/parameters';
import { runStates } from '../frame/run/run.ts';
import { endpoint, inPath, started } from './operation.ts';
import { RUN, runExample } from './sync-schemas.ts';

const id = inPath('id', 'The run.', RUN);

export const runEndpoints: readonly Endpoint[] = [
  endpoint('get', '/sync/runs', {
    operationId: 'listRuns',
    summary: 'Runs, the newest first.',
    parameters: [
      {
        name: 'connector',
        in: 'query',
        description: 'Only runs of this one.',
        schema: { type: 'string', pattern: '^[\\w-]{1,64}$' },
      },
      {
        name: 'state',
        in: 'query',
        description: 'Only runs in this state.',
        schema: { type: 'string', enum: runStates },
      },
      limitParameter,
      cursorParameter,
    ],
    responses: { 200: jsonResponse('Runs.', { type: 'array', items: schemaRef('SyncRun') }, [runExample]) },
    problems: ['invalid-parameter'],
  }),
  endpoint('get', '/sync/runs/{id}', {
    operationId: 'getRun',
    summary: 'One run, while it runs and after.',
    parameters: [id],
    responses: { 200: jsonResponse('The run.', schemaRef('SyncRun'), runExample) },
    problems: ['invalid-parameter', 'not-found'],
  }),
  endpoint('get', '/sync/runs/{id}/rejections', {
    operationId: 'listRejections',
    summary: 'What a run skipped, and why.',
    description: 'The first 1,000 of each entity; the run counts them all.',
    parameters: [id, limitParameter, cursorParameter],
    responses: {
      200: jsonResponse('Rejections.', { type: 'array', items: schemaRef('SyncRejection') }, [
        {
          connector: 'museum',
          entity: 'customers',
          id: '281',
          at: 'page 3, row 17',
          pointer: '/email',
          reason: 'must be string or null',
        },
      ]),
    },
    problems: ['invalid-parameter', 'not-found'],
  }),
  endpoint('post', '/sync/runs/{id}/cancel', {
    operationId: 'cancelRun',
    summary: 'End a run.',
    description: 'What was written stays, and so does the cursor.',
    parameters: [id],
    responses: started,
    problems: ['invalid-parameter', 'not-found', 'wrong-state'],
  }),
  endpoint('post', '/sync/runs/{id}/release', {
    operationId: 'releaseRun',
    summary: 'Let a held run mark as stale what it was held for.',
    parameters: [id],
    responses: started,
    problems: ['invalid-parameter', 'not-found', 'wrong-state', 'already-running'],
  }),
];
