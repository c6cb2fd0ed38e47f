import type { Database } from '@millrace/core/database/open-database';
import { instant } from '@millrace/core/http/parameters';
import { invalidQuery, parseQuery, queryOf } from '@millrace/core/http/parse-query';
import { invalidBody, readBodyAs } from '@millrace/core/http/read-body-as';
import type { Request } from '@millrace/core/http/route-table';
import { Problem } from '@millrace/core/problem/problem';
import { v7 } from 'uuid';
import { z } from 'zod';
import type { FollowedRules } from '../catalog/follow-rules.ts';
import type { DryRuns } from '../dry/dry-runs.ts';
import { compileDefinition } from '../rule/compile-definition.ts';
import { ruleDefinition } from '../rule/definition.ts';
import type { Subjects } from '../streams/subjects.ts';
import type { Handle } from './answered.ts';
import { answerRun } from './run-routes.ts';

type Options = {
  readonly db: Database;
  readonly rules: FollowedRules;
  readonly subjects: Subjects;
  readonly runs: DryRuns;
  /** How long a client waits for the answer itself. */
  readonly withinMs: number;
};

const DAY_MS = 86_400_000;
const DEFAULT_SPAN_MS = 30 * DAY_MS;
const query = z.object({
  dry_run: z.literal('true', { error: 'must be true' }),
  from: instant.optional(),
  to: instant.optional(),
  accounts: z.enum(['then', 'current'], { error: 'must be then or current' }).default('then'),
});
const body = ruleDefinition.extend({ rule_id: z.string({ error: 'must be text' }).max(100).optional() });

/** Whether a request only asks what a rule would do. */
export const isDryRun = (req: Request): boolean => queryOf(req.url).has('dry_run');

/** Of a request that makes a rule: throws `invalid-parameter` rather than let pass what only a dry run heeds. */
export function refuseDryParameters(params: URLSearchParams): void {
  const errors = [...new Set(params.keys())].map((name) => ({
    pointer: `/query/${name}`,
    message: name in query.shape ? 'needs dry_run=true' : 'is not a parameter here',
  }));
  if (errors.length > 0) throw invalidQuery(errors);
}

/** What a rule would have done over history: nothing is written. */
export function askDryRun({ db, rules, subjects, runs, withinMs }: Options): Handle {
  return async (req, res) => {
    const { from: since, to: until, accounts } = parseQuery(query, queryOf(req.url));
    const { rule_id: ruleId, ...given } = await readBodyAs(req, body);
    await rules.upToDate();
    const current = ruleId === undefined ? undefined : rules.catalog.current(ruleId);
    if (ruleId !== undefined && !current) throw new Problem('not-found', `There is no rule ${ruleId}.`);
    const identity = { ruleId: ruleId ?? v7(), version: (current?.version ?? 0) + 1 };
    const definition = { ...given, mode: 'on', effective_from: null } as const;
    const compiled = compileDefinition(definition, identity, subjects);
    if ('faults' in compiled) throw invalidBody(compiled.faults);
    const to = Math.min(until ?? Number.POSITIVE_INFINITY, Date.now());
    const from = since ?? to - DEFAULT_SPAN_MS;
    if (from >= to) throw invalidQuery([{ pointer: '/query/from', message: 'must be before to, and in the past' }]);
    const isCompared = current !== undefined;
    const question = { definition, identity, isCompared, from, to, currentAccounts: accounts === 'current' };
    const started = await runs.start(question, withinMs);
    if ('answer' in started) res.json(started.answer);
    else await answerRun(db, started.runId, res);
  };
}
