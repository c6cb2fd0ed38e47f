import { readOf } from '@millrace/core/access/access';
import type { Database } from '@millrace/core/database/open-database';
import { readBodyAs } from '@millrace/core/http/read-body-as';
import type { Request, Response, Route } from '@millrace/core/http/route-table';
import { Problem } from '@millrace/core/problem/problem';
import { formatInstant } from '@millrace/core/schema/rfc3339';
import { routesOf } from '@millrace/core/schema/routes-of';
import { v7 } from 'uuid';
import { z } from 'zod';
import type { FollowedRules } from '../catalog/follow-rules.ts';
import { filledRanges } from '../gaps/filled-ranges.ts';
import { findGaps } from '../gaps/find-gaps.ts';
import { instantText } from '../rule/definition.ts';
import { insertFill } from '../runs/run-rows.ts';
import type { Subjects } from '../streams/subjects.ts';
import { route } from './answered.ts';
import { knownRule } from './known-rule.ts';
import { answerRun } from './run-routes.ts';

type Options = {
  readonly db: Database;
  readonly rules: FollowedRules;
  readonly subjects: Subjects;
  /** Says that there is a fill to do. */
  readonly onFill: () => void;
};

const time = instantText.transform((text) => Date.parse(text));
const rangeBody = z
  .strictObject({ from: time.nullable().default(null), to: time.nullable().default(null) })
  .refine(({ from, to }) => (from ?? 0) < Math.min(to ?? Date.now(), Date.now()), {
    error: 'must be before to, and in the past',
    path: ['from'],
  });

/** What rules never saw, and evaluating them for it afterwards. */
export function gapRoutes({ db, rules, subjects, onFill }: Options): Route[] {
  const read = readOf(subjects.roles.rules);
  return routesOf(subjects.roles.rules).flatMap((path) => [
    route('get', `${path}/:id/gaps`, list, read),
    route('post', `${path}/:id/evaluate`, evaluate),
  ]);

  async function list(req: Request, res: Response): Promise<void> {
    const current = await knownRule(rules, req);
    const { ruleId, version } = current;
    const gaps = findGaps(rules.catalog.recordsOf(ruleId), current, await filledRanges(db, ruleId, version));
    res.json(gaps.map(({ from, to, reason }) => ({ version, from: shown(from), to: shown(to), reason })));
  }

  async function evaluate(req: Request, res: Response): Promise<void> {
    const { from, to } = await readBodyAs(req, rangeBody);
    const { ruleId, version, definition } = await knownRule(rules, req);
    if (definition.mode === 'off')
      throw new Problem('wrong-state', 'The rule is off: turn it on, or into the shadow, to evaluate it.');
    const runId = v7();
    await insertFill(db, { runId, ruleId, version, from: from ?? 0, to: Math.min(to ?? Date.now(), Date.now()) });
    onFill();
    await answerRun(db, runId, res);
  }
}

/** Null where a gap begins with history, or has not ended. */
const shown = (at: number): string | null => (at === 0 || !Number.isFinite(at) ? null : formatInstant(at));
