import type { Endpoint } from '@millrace/core/openapi/document';
import type { ProblemCode } from '@millrace/core/problem/problems';
import type { JsonSchema } from '@millrace/core/schema/json-schema';
import { endpoint, inPath, started, withBody } from './operation.ts';

const date: JsonSchema = {
  type: 'string',
  format: 'date',
  pattern: '^(19|[2-9]\\d)\\d\\d-(0[1-9]|1[0-2])-(0[1-9]|[12]\\d|3[01])$',
  description: 'From 1900-01-01 on.',
};
const customerId: JsonSchema = {
  type: 'string',
  minLength: 1,
  maxLength: 100,
  pattern: '^(?!\\.{1,2}$)[^\\u0000-\\u001f\\u007f-\\u009f]+$',
};
const full: JsonSchema = {
  type: 'boolean',
  default: false,
  description: 'Read everything again, whatever the cursor says.',
};
const name: JsonSchema = { type: 'string', pattern: '^[\\w-]{1,64}$' };
const conflicts = ['not-found', 'already-running', 'wrong-state'] as const satisfies readonly ProblemCode[];

const start = (
  path: string,
  operationId: string,
  summary: string,
  body: ReturnType<typeof withBody>,
  more: object = {},
): Endpoint =>
  endpoint('post', path, {
    ...{ operationId, summary, responses: started, ...more, ...body },
    problems: [...body.problems, ...conflicts],
  });

export const startEndpoints: readonly Endpoint[] = [
  start('/sync/all', 'syncAll', 'Read all connectors.', withBody({ full }, [], {}), {
    description: 'Connectors that are paused are left out. 409 when one of them runs already, with `run_id`.',
  }),
  start(
    '/sync/customer',
    'syncCustomer',
    'Read one customer.',
    withBody({ customer_id: customerId }, ['customer_id'], {
      customer_id: '280',
    }),
    { description: 'Of a customer that the vendor does not have, the run says 404.' },
  ),
  start(
    '/sync/events',
    'syncEvents',
    'Read what lies between two dates.',
    withBody({ start_date: date, end_date: date }, ['start_date', 'end_date'], {
      start_date: '2026-03-01',
      end_date: '2026-04-01',
    }),
    { description: 'Every entity that can be read by dates; the end is not included.' },
  ),
  start(
    '/sync/backfill',
    'backfill',
    'Read a range of dates, beside the live cursor.',
    withBody(
      { connector: name, entity: name, start_date: date, end_date: date },
      ['connector', 'entity', 'start_date', 'end_date'],
      {
        connector: 'museum',
        entity: 'events',
        start_date: '2025-01-01',
        end_date: '2026-01-01',
      },
    ),
  ),
  start(
    '/sync/{connector}',
    'syncConnector',
    'Read one connector.',
    withBody({ entities: { type: 'array', items: name, minItems: 1, maxItems: 100 }, full }, [], {
      entities: ['customers'],
      full: true,
    }),
    { parameters: [inPath('connector', 'The connector.', 'museum')] },
  ),
];
