import { RULES, readOf } from '@millrace/core/access/access';
import { type Endpoint, jsonResponse, schemaRef } from '@millrace/core/openapi/document';
import type { Stream } from '@millrace/core/schema/stream';
import { findRoles } from '../streams/roles.ts';
import { BODY, inPath, jsonBody, operationsOn, ruleId } from './operations.ts';
import { dryExample, fillExample, gapExamples, RUN } from './rule-examples.ts';

/** The routes of what rules never saw, and of work over history. */
export function gapEndpoints(streams: readonly Stream[]): Endpoint[] {
  const rules = findRoles(streams)?.rules;
  if (!rules) return [];
  const at = operationsOn(rules);

  return [
    ...at('get', '/{rule_id}/gaps', readOf(rules), {
      ...{ operationId: 'listRuleGaps', summary: 'What the version in use never saw.', parameters: [ruleId] },
      description:
        'Append times before the version was made, and while it was off. `from` is null where a gap begins with history, `to` where it has not ended.',
      responses: { 200: jsonResponse('Gaps.', { type: 'array', items: schemaRef('RuleGap') }, gapExamples) },
      problems: ['not-found', 'kafka-unavailable', 'database-unavailable'],
    }),
    ...at('post', '/{rule_id}/evaluate', RULES, {
      ...{
        operationId: 'evaluateRule',
        summary: 'Evaluate a rule for what it never saw.',
        parameters: [ruleId],
      },
      description:
        'Gaps between two append times are evaluated as they would have been live, under the same ids: doing it twice changes nothing. All gaps up to now where they are left out.',
      requestBody: jsonBody(schemaRef('EvaluateRange'), { from: '2026-03-01T00:00:00Z', to: '2026-03-14T00:00:00Z' }),
      responses: { 202: jsonResponse('Look at the run under `Location`.', schemaRef('RuleRun'), fillExample) },
      problems: [...BODY, 'not-found', 'wrong-state', 'kafka-unavailable', 'database-unavailable'],
    }),
    {
      path: '/v1/rule-runs/{run_id}',
      method: 'get',
      access: RULES,
      operation: {
        tags: ['rules'],
        ...{ operationId: 'getRuleRun', summary: 'How far work over history is, and what came of it.' },
        parameters: [inPath('run_id', 'The run.', RUN)],
        responses: {
          200: jsonResponse('The run.', schemaRef('RuleRun'), {
            ...{ run_id: RUN, kind: 'dry', rule_id: null, state: 'done', read: 400_000 },
            ...{ result: dryExample, message: null },
          }),
        },
        problems: ['not-found', 'database-unavailable'],
      },
    },
  ];
}
