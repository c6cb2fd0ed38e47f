import { pascalCase, type Schemas } from '@millrace/core/openapi/document';
import type { JsonSchema } from '@millrace/core/schema/json-schema';
import type { Stream } from '@millrace/core/schema/stream';
import { kinds, modes } from '../rule/rule.ts';
import { overs } from '../rule/window.ts';
import { findRoles } from '../streams/roles.ts';

const text: JsonSchema = { type: 'string' };
const count: JsonSchema = { type: 'integer', minimum: 0 };
const time: JsonSchema = { type: 'string', format: 'date-time' };
const optionalTime: JsonSchema = { type: ['string', 'null'], format: 'date-time' };
const values: JsonSchema = {
  type: 'object',
  additionalProperties: { type: ['null', 'boolean', 'number', 'string'] },
  description: 'What windows measured, and what the condition read.',
};

const object = (
  description: string,
  properties: Readonly<Record<string, JsonSchema>>,
  required = Object.keys(properties),
): JsonSchema => ({ type: 'object', description, properties, required, additionalProperties: false });

const window = object(
  'What is measured over the events of an account.',
  {
    over: { type: 'string', enum: [...overs] },
    kind: { type: 'string', enum: ['tumbling', 'sliding'] },
    measure: { type: 'string', description: '`count`, or `sum`, `avg`, `min`, `max` or `distinct` of a field.' },
    timezone: { type: 'string', default: 'UTC', description: 'Whose calendar tumbling windows follow.' },
    lateness: {
      type: ['string', 'null'],
      default: null,
      description: "How far an event's own time may be from its append time for it to count, such as `6h`.",
    },
  },
  ['over', 'kind', 'measure'],
);

export const ruleProperties: Readonly<Record<string, JsonSchema>> = {
  name: { type: 'string', minLength: 1, maxLength: 200 },
  kind: { type: 'string', enum: [...kinds] },
  streams: { type: 'array', items: text, minItems: 1, description: 'The streams that it is about.' },
  windows: { type: 'object', additionalProperties: window, default: {} },
  when: { type: 'string', minLength: 1, maxLength: 4096, description: 'CEL over `event`, `account` and `windows`.' },
  mode: { type: 'string', enum: [...modes], default: 'on' },
  effective_from: { type: ['string', 'null'], format: 'date-time', default: null },
  every: {
    ...{ type: ['string', 'null'], default: null, pattern: '^[1-9][0-9]{0,6}[mhd]$' },
    description: 'A period such as `15m`, for a rule on a schedule.',
  },
};

/** A rule is shown as it is kept: as a row of its stream. */
export const keptName = ({ name }: Stream): string => `${pascalCase(name)}Row`;

export function ruleSchemas(streams: readonly Stream[]): Schemas {
  const rules = findRoles(streams)?.rules;
  return rules ? { ...schemas, [keptName(rules)]: kept } : {};
}

const schemas: Schemas = {
  RuleDefinition: object('What a rule says.', ruleProperties, ['name', 'kind', 'streams', 'when']),
  MadeRule: object('Which version of which rule was made.', {
    rule_id: text,
    version: { type: 'integer', minimum: 1 },
  }),
  RuleMode: object('The mode that a rule has now.', {
    rule_id: text,
    version: { type: 'integer', minimum: 1 },
    mode: { type: 'string', enum: [...modes] },
  }),
  EndedRule: object('The rule that has ended.', { rule_id: text }),
  DryRunAnswer: object(
    'What a rule would have done.',
    {
      ...{ evaluated: count, would_win: count, accounts_affected: count, errors: count },
      per_day: {
        type: 'array',
        items: object('Wins of a day, in UTC.', { day: { type: 'string', format: 'date' }, would_win: count }),
      },
      examples: {
        type: 'array',
        items: object('A win.', { event_id: text, account_id: text, at: time, values }),
      },
      source: object('What the answer depends on: with the same source it is the same.', {
        ...{ epoch: text, from_index: count, to_index: count, as_of: time },
      }),
      ms: count,
      newly: { ...count, description: 'Wins that the version in use does not have.' },
      no_longer: { ...count, description: 'Wins that only the version in use has.' },
      noise: { type: 'number', minimum: 0, description: 'Wins for each account that wins, and day.' },
    },
    ['evaluated', 'would_win', 'accounts_affected', 'errors', 'per_day', 'examples', 'source', 'ms'],
  ),
  RuleGap: object('Append times that the version has not been evaluated for.', {
    version: { type: 'integer', minimum: 1 },
    from: optionalTime,
    to: optionalTime,
    reason: { type: 'string', enum: ['made later', 'off'] },
  }),
  EvaluateRange: object('Append times.', { from: optionalTime, to: optionalTime }, []),
  FillAnswer: object('What came of evaluating a rule for what it never saw.', {
    ...{ evaluated: count, won: count, errors: count },
    followed: { ...count, description: 'What other rules said of its won events.' },
    ranges: { type: 'array', items: object('Append times.', { from: time, to: time }) },
  }),
  RuleRun: object('Work over history that goes on after its request was answered.', {
    run_id: { type: 'string', format: 'uuid' },
    kind: { type: 'string', enum: ['dry', 'fill'] },
    rule_id: { type: ['string', 'null'] },
    state: { type: 'string', enum: ['waiting', 'running', 'done', 'failed'] },
    read: { ...count, description: 'Records read so far.' },
    result: {
      oneOf: [
        { $ref: '#/components/schemas/DryRunAnswer' },
        { $ref: '#/components/schemas/FillAnswer' },
        { type: 'null' },
      ],
    },
    message: { type: ['string', 'null'] },
  }),
};

const kept: JsonSchema = {
  type: 'object',
  description: 'A version of a rule as it is kept. `faults` says why one is not evaluated any more.',
  properties: {
    rule_id: text,
    version: { type: 'integer', minimum: 1 },
    ...ruleProperties,
    mode_reason: { type: ['string', 'null'], description: 'Why the service itself turned the rule off.' },
    created_at: time,
    updated_at: time,
  },
  required: ['rule_id', 'version', 'name', 'kind', 'streams', 'when', 'mode'],
};
