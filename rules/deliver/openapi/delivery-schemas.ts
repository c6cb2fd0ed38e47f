import type { Schemas } from '@millrace/core/openapi/document';
import { instantSchema } from '@millrace/core/openapi/parameters';
import type { JsonSchema } from '@millrace/core/schema/json-schema';
import { states } from '../delivery/state.ts';

const text = (description: string): JsonSchema => ({ type: 'string', description });
const textOrNull = (description: string): JsonSchema => ({ type: ['string', 'null'], description });
const instantOrNull = (description: string): JsonSchema => ({
  ...instantSchema,
  type: ['string', 'null'],
  description,
});
const count = (description: string): JsonSchema => ({ type: 'integer', minimum: 0, description });

const object = (properties: Readonly<Record<string, JsonSchema>>, required = Object.keys(properties)): JsonSchema => ({
  ...{ type: 'object', properties, required },
});

export const definitionProperties: Readonly<Record<string, JsonSchema>> = {
  name: { type: 'string', minLength: 1, maxLength: 200, description: 'What people call it.' },
  stream: text('Whose events are sent. It can not be changed.'),
  url: {
    type: 'string',
    maxLength: 2_000,
    description: 'The endpoint: `https://`, a public host, no user and no fragment.',
  },
  filter: {
    type: ['string', 'null'],
    maxLength: 4_096,
    default: null,
    description: 'Which events are sent: a condition on `event`, in the language of rules. All without one.',
  },
  secret: {
    type: 'string',
    pattern: '^(generate|whsec_[A-Za-z0-9+/]{32,86}={0,2})$',
    description: 'What events are signed with: `whsec_` and 24 to 64 bytes in base64, or `generate`.',
  },
};

const lastAttempt = object({
  attempted_at: instantSchema,
  outcome: { type: 'string', enum: ['delivered', 'retrying', 'failed', 'test'] },
  status: { type: ['integer', 'null'] },
  error: textOrNull('What was wrong.'),
});

const delivery = object({
  delivery_id: text('Its id.'),
  name: text('What people call it.'),
  stream: text('Whose events are sent.'),
  url: text('The endpoint.'),
  filter: textOrNull('Which events are sent.'),
  state: {
    type: 'string',
    enum: states,
    description: 'failing while an event waits that was not accepted; gone when the endpoint answered 410.',
  },
  state_since: instantOrNull('Since when, where it is not ok.'),
  state_reason: textOrNull('Why, where it is not ok.'),
  last_error: textOrNull('What the newest attempt said of an event that is not delivered.'),
  last_attempt: { ...lastAttempt, type: ['object', 'null'] },
  waiting: {
    type: ['integer', 'null'],
    description: 'Records that are unread or retrying; null while Kafka does not answer.',
  },
  retrying: count('Events that wait for another attempt, or behind one of the same key that does.'),
  failed: count('Events that were tried for long enough; `recover` has them tried again.'),
  left_alone_until: instantOrNull('Until when the endpoint asked to be left alone, by `Retry-After`.'),
  filter_errors: count('Events that were not sent as the filter could not be evaluated for them.'),
  last_filter_error: textOrNull('Why not, for the last of them.'),
  missed: count('Records that retention removed before they were read.'),
  secrets: {
    type: 'array',
    description: 'When what signs now was given, and when it ends: the newest first. Never the secrets themselves.',
    items: object({ created_at: instantSchema, ends_at: instantOrNull('When it signs no more; null for the newest.') }),
  },
  created_at: instantSchema,
  updated_at: instantSchema,
});

const attempt = object({
  event_id: text('The event, as in the header `webhook-id`.'),
  attempt: { type: 'integer', minimum: 1, description: 'Counts the attempts of the event.' },
  outcome: { type: 'string', enum: ['delivered', 'retrying', 'failed', 'test'] },
  attempted_at: instantSchema,
  duration_ms: count('How long it took.'),
  status: { type: ['integer', 'null'], description: 'What the endpoint answered; null without an answer.' },
  error: textOrNull('Why the event was not accepted.'),
  response: textOrNull('The beginning of what the endpoint answered.'),
});

export const deliverySchemas: Schemas = { Delivery: delivery, DeliveryAttempt: attempt };
