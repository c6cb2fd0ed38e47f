import type { Schemas } from '@millrace/core/openapi/document';
import type { JsonSchema } from '@millrace/core/schema/json-schema';
import { runStates, triggers } from '../frame/run/run.ts';

export const RUN = '0195934f-8ad0-7c3e-9d5a-2f0c6f1b7a93';
const count: JsonSchema = { type: 'integer', minimum: 0 };
const text: JsonSchema = { type: 'string' };
const textOrNull: JsonSchema = { type: ['string', 'null'] };
const countOrNull: JsonSchema = { type: ['integer', 'null'], minimum: 0 };
const bool: JsonSchema = { type: 'boolean' };
const runId: JsonSchema = { type: 'string', format: 'uuid' };
const dateTime: JsonSchema = { type: 'string', format: 'date-time' };
const state: JsonSchema = { type: 'string', enum: runStates };

/** An object whose members are all there. */
const whole = (description: string, properties: Readonly<Record<string, JsonSchema>>): JsonSchema => ({
  type: 'object',
  description,
  properties,
  required: Object.keys(properties),
  additionalProperties: false,
});

const counts = { read: count, emitted: count, unchanged: count, rejected: count, stale: count, returned: count };

export const syncSchemas: Schemas = {
  SyncRun: whole('One execution over one or more entities.', {
    run_id: runId,
    trigger: { type: 'string', enum: triggers },
    state,
    started_at: dateTime,
    finished_at: { type: ['string', 'null'], format: 'date-time' },
    entities: { type: 'array', items: { $ref: '#/components/schemas/SyncRunEntity' } },
  }),
  SyncRunEntity: whole(
    'What a run did with one entity. `emitted` includes `returned`; `stale` are rows that the vendor no longer has.',
    {
      connector: text,
      entity: text,
      stream: text,
      state,
      complete: {
        type: ['boolean', 'null'],
        description: 'Whether all of the scope was seen; null until it is known.',
      },
      ...counts,
      progress: {
        type: ['object', 'null'],
        properties: { done: count, total: countOrNull },
        required: ['done', 'total'],
        additionalProperties: false,
      },
      message: textOrNull,
    },
  ),
  SyncStarted: whole('The run, to be looked at under its id.', { run_id: runId }),
  SyncRejection: whole('A part of the source that was skipped.', {
    connector: text,
    entity: text,
    id: textOrNull,
    at: { type: 'string', description: 'Its place in the source.' },
    pointer: text,
    reason: text,
  }),
  SyncConnector: whole('A connector that is set up.', {
    name: text,
    paused: bool,
    run_id: { type: ['string', 'null'], format: 'uuid', description: 'The run that has it now.' },
    entities: {
      type: 'array',
      items: whole('What fills one stream.', {
        name: text,
        stream: text,
        has_ranges: { type: 'boolean', description: 'Whether it can be read by dates.' },
        cursor: { description: 'Where the last read ended: any JSON.' },
      }),
    },
    schedules: {
      type: 'array',
      items: whole('When it runs.', {
        cron: text,
        full: bool,
        next_tick: { type: ['string', 'null'], format: 'date-time' },
      }),
    },
    budget: whole('Calls of the vendor; null where there is no limit.', {
      per_second: { type: ['number', 'null'] },
      per_day: countOrNull,
      left_today: countOrNull,
    }),
    vendor: { type: 'string', enum: ['called', 'left alone'] },
    last_day: { type: ['string', 'null'], format: 'date', description: 'The last day of its credentials.' },
  }),
  SyncCheck: whole('What trying credentials and reach came to.', { ok: bool, detail: text }),
};

export const runExample = {
  run_id: RUN,
  trigger: 'manual',
  state: 'running',
  started_at: '2026-03-14T07:00:00.000Z',
  finished_at: null,
  entities: [
    {
      connector: 'museum',
      entity: 'customers',
      stream: 'customers',
      state: 'running',
      complete: null,
      read: 1500,
      emitted: 12,
      unchanged: 1487,
      rejected: 1,
      stale: 0,
      returned: 0,
      progress: { done: 1500, total: 4210 },
      message: null,
    },
  ],
};

export const connectorExample = {
  name: 'museum',
  paused: false,
  run_id: null,
  entities: [{ name: 'customers', stream: 'customers', has_ranges: false, cursor: { since: '2026-03-14T06:00:00Z' } }],
  schedules: [{ cron: '0 * * * *', full: false, next_tick: '2026-03-14T08:00:00.000Z' }],
  budget: { per_second: 5, per_day: 1000, left_today: 940 },
  vendor: 'called',
  last_day: '2027-03-01',
};
