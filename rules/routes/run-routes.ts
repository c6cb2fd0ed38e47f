import type { Database } from '@millrace/core/database/open-database';
import { pathParameter } from '@millrace/core/http/path-parameter';
import type { Response, Route } from '@millrace/core/http/route-table';
import { Problem } from '@millrace/core/problem/problem';
import { validate } from 'uuid';
import { findRun } from '../runs/run-rows.ts';
import { route } from './answered.ts';

const PATH = '/v1/rule-runs';

/** Looking at work over history that goes on after its request was answered. */
export const runRoutes = (db: Database): Route[] => [
  route('get', `${PATH}/:run`, async (req, res) => void res.json(await existing(db, pathParameter(req, 'run')))),
];

/** Answers 202 with a run to look at. */
export async function answerRun(db: Database, runId: string, res: Response): Promise<void> {
  res
    .status(202)
    .set('location', `${PATH}/${runId}`)
    .json(await existing(db, runId));
}

async function existing(db: Database, runId: string) {
  const found = validate(runId) ? await findRun(db, runId) : undefined;
  if (!found) throw new Problem('not-found', `There is no run ${runId}; dry runs are kept for a week.`);
  return found;
}
