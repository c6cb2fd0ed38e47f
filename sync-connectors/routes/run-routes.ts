import type { Database } from '@millrace/core/database/open-database';
import { changeRows, selectRows } from '@millrace/core/database/run-sql';
import { limit } from '@millrace/core/http/parameters';
import { parseQuery, queryOf } from '@millrace/core/http/parse-query';
import { pathParameter } from '@millrace/core/http/path-parameter';
import type { Request, Response, Route } from '@millrace/core/http/route-table';
import { Problem } from '@millrace/core/problem/problem';
import { validate as isUuid } from 'uuid';
import { z } from 'zod';
import { runStates } from '../frame/run/run.ts';
import { findRun, listRuns } from '../frame/run/run-list.ts';
import type { Runner } from '../frame/run/runner.ts';
import { rejectionsOf } from '../frame/state/rejections.ts';
import { route } from './answered.ts';
import { offsetCursor, runCursor, writeCursor } from './page-cursor.ts';
import { releaseRun } from './release-run.ts';

const PATH = '/sync/runs';
const word = z.string().regex(/^[\w-]{1,64}$/, 'must be the name of a connector');
const runsQuery = z.object({
  connector: word.optional(),
  state: z.enum(runStates, { error: `must be one of ${runStates.join(', ')}` }).optional(),
  limit,
  cursor: runCursor.optional(),
});
const rejectionsQuery = z.object({ limit, cursor: offsetCursor.optional() });

/** Looking at runs, ending them, and letting those go on that are held. */
export function runRoutes(db: Database, runner: Pick<Runner, 'look' | 'cancel'>): Route[] {
  return [
    route('get', PATH, list),
    route('get', `${PATH}/:id`, async (req, res) => void res.json(await runOf(req))),
    route('get', `${PATH}/:id/rejections`, rejections),
    route('post', `${PATH}/:id/cancel`, cancel),
    route('post', `${PATH}/:id/release`, release),
  ];

  async function list(req: Request, res: Response): Promise<void> {
    const params = queryOf(req.url);
    const { connector, state, limit: most, cursor } = parseQuery(runsQuery, params);
    const found = await listRuns(db, { connector, state, before: cursor, limit: most + 1 });
    const page = found.slice(0, most);
    const last = page.at(-1);
    if (found.length > most && last) linkNext(res, PATH, params, last.run_id);
    res.json(page);
  }

  async function rejections(req: Request, res: Response): Promise<void> {
    const params = queryOf(req.url);
    const { limit: most, cursor = 0 } = parseQuery(rejectionsQuery, params);
    const { run_id: id } = await runOf(req);
    const found = await rejectionsOf(db, id, cursor, most + 1);
    if (found.length > most) linkNext(res, `${PATH}/${id}/rejections`, params, String(cursor + most));
    res.json(found.slice(0, most));
  }

  async function cancel(req: Request, res: Response): Promise<void> {
    const { run_id: id } = await runOf(req);
    await db.transaction(async (trx) => {
      const [run] = await selectRows<{ state: string }>(
        trx,
        'SELECT state FROM sync_runs WHERE run_id = ? FOR UPDATE',
        [id],
      );
      if (run?.state !== 'running') throw new Problem('wrong-state', `The run is ${run?.state}, and does not run.`);
      await changeRows(trx, 'UPDATE sync_runs SET cancelled = 1 WHERE run_id = ?', [id]);
    });
    runner.cancel(id);
    accepted(res, id);
  }

  async function release(req: Request, res: Response): Promise<void> {
    const { run_id: id } = await runOf(req);
    await db.transaction((trx) => releaseRun(trx, id));
    runner.look();
    accepted(res, id);
  }

  async function runOf(req: Request) {
    const id = pathParameter(req, 'id');
    const run = isUuid(id) ? await findRun(db, id.toLowerCase()) : undefined;
    if (!run) throw new Problem('not-found', `There is no run ${id}.`);
    return run;
  }
}

const accepted = (res: Response, id: string): void =>
  void res.status(202).set('location', `${PATH}/${id}`).json({ run_id: id });

function linkNext(res: Response, path: string, params: URLSearchParams, position: string): void {
  params.set('cursor', writeCursor(position));
  res.set('link', `<${path}?${params}>; rel="next"`);
}
