import { RULES, readOf } from '@millrace/core/access/access';
import { type Endpoint, jsonResponse, type Parameter, schemaRef } from '@millrace/core/openapi/document';
import { cursorParameter, instantParameter, limitParameter } from '@millrace/core/openapi/parameters';
import type { ProblemCode } from '@millrace/core/problem/problems';
import type { Stream } from '@millrace/core/schema/stream';
import { findRoles } from '../streams/roles.ts';
import { BODY, jsonBody, operationsOn, ruleId } from './operations.ts';
import { definitionExample, dryExample, keptExample, RULE, RUN } from './rule-examples.ts';
import { keptName } from './rule-schemas.ts';

const CHANGE: readonly ProblemCode[] = ['database-unavailable', 'kafka-unavailable', 'saturated', 'invalid-record'];

const dryParameters: readonly Parameter[] = [
  {
    name: 'dry_run',
    in: 'query',
    description: 'Only say what the rule would have done between `from` and `to`, and make none.',
    schema: { type: 'string', enum: ['true'] },
  },
  instantParameter('from', 'Append times from here on; 30 days before `to` when left out.'),
  instantParameter('to', 'Append times before this; now when left out.'),
  {
    name: 'accounts',
    in: 'query',
    description: 'Whether accounts are as they were then, or as they are now.',
    schema: { type: 'string', enum: ['then', 'current'], default: 'then' },
  },
];

/** The routes of rules, where there is a stream of rules. */
export function ruleEndpoints(streams: readonly Stream[]): Endpoint[] {
  const rules = findRoles(streams)?.rules;
  if (!rules) return [];
  const read = readOf(rules);
  const at = operationsOn(rules);
  const definition = jsonBody(schemaRef('RuleDefinition'), definitionExample);
  const kept = schemaRef(keptName(rules));
  const made = { rule_id: RULE, version: 1 };

  return [
    ...at('get', '', read, {
      ...{
        operationId: 'listRules',
        summary: 'All rules, by their ids.',
        parameters: [limitParameter, cursorParameter],
      },
      responses: { 200: jsonResponse('Rules.', { type: 'array', items: kept }, [keptExample]) },
      problems: ['invalid-parameter', 'kafka-unavailable'],
    }),
    ...at('post', '', RULES, {
      ...{
        operationId: 'makeRule',
        summary: 'Make a rule, or ask what it would have done.',
        parameters: dryParameters,
      },
      description:
        'A rule is checked against the schemas of its streams; the answer names every fault, those of the condition with line and column. With `dry_run=true` the body may name a `rule_id`, to be compared with the version in use.',
      requestBody: definition,
      responses: {
        200: jsonResponse('What it would have done.', schemaRef('DryRunAnswer'), dryExample),
        201: jsonResponse(
          'The rule is made, and in force for what is appended from now on.',
          schemaRef('MadeRule'),
          made,
        ),
        202: jsonResponse('The dry run takes longer: look at it under `Location`.', schemaRef('RuleRun'), {
          ...{ run_id: RUN, kind: 'dry', rule_id: null, state: 'running', read: 120_000 },
          ...{ result: null, message: null },
        }),
      },
      problems: [...BODY, ...CHANGE, 'not-found'],
    }),
    ...at('get', '/{rule_id}', read, {
      ...{ operationId: 'getRule', summary: 'A rule as it is now.', parameters: [ruleId] },
      responses: { 200: jsonResponse('The rule.', kept, keptExample) },
      problems: ['not-found', 'kafka-unavailable'],
    }),
    ...at('put', '/{rule_id}', RULES, {
      ...{ operationId: 'changeRule', summary: 'Make a new version of a rule.', parameters: [ruleId] },
      requestBody: definition,
      responses: { 200: jsonResponse('The version.', schemaRef('MadeRule'), { ...made, version: 2 }) },
      problems: [...BODY, ...CHANGE, 'not-found'],
    }),
    ...at('delete', '/{rule_id}', RULES, {
      ...{ operationId: 'endRule', summary: 'End a rule.', parameters: [ruleId] },
      description: 'What it has won stays.',
      responses: { 202: jsonResponse('It has ended.', schemaRef('EndedRule'), { rule_id: RULE }) },
      problems: [...CHANGE, 'not-found'],
    }),
    ...at('get', '/{rule_id}/versions', read, {
      ...{
        operationId: 'listRuleVersions',
        summary: 'All versions of a rule, the oldest first.',
        parameters: [ruleId],
      },
      responses: { 200: jsonResponse('Versions.', { type: 'array', items: kept }, [keptExample]) },
      problems: ['not-found', 'kafka-unavailable'],
    }),
    ...at('post', '/{rule_id}/mode', RULES, {
      ...{ operationId: 'setRuleMode', summary: 'Turn a rule on, off, or into the shadow.', parameters: [ruleId] },
      requestBody: jsonBody(
        {
          ...{ type: 'object', properties: { mode: { type: 'string', enum: ['on', 'shadow', 'off'] } } },
          ...{ required: ['mode'], additionalProperties: false },
        },
        { mode: 'shadow' },
      ),
      responses: { 200: jsonResponse('The mode.', schemaRef('RuleMode'), { ...made, mode: 'shadow' }) },
      problems: [...BODY, ...CHANGE, 'not-found'],
    }),
  ];
}
