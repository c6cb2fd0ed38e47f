import type { Database } from '@millrace/core/database/open-database';
import { changeRows } from '@millrace/core/database/run-sql';
import { pathParameter } from '@millrace/core/http/path-parameter';
import type { Request, Response, Route } from '@millrace/core/http/route-table';
import { messageOf } from '@millrace/core/problem/message-of';
import { Problem } from '@millrace/core/problem/problem';
import type { CheckResult, Json } from '../frame/connector.ts';
import { lockConnectors } from '../frame/run/create-run.ts';
import { sourceOf } from '../frame/run/run.ts';
import type { OpenConnector } from '../frame/run/run-options.ts';
import type { Schedule } from '../frame/schedule/schedules.ts';
import { saveCursor } from '../frame/state/entity-state.ts';
import { VendorFault } from '../frame/vendor-fault.ts';
import { readBodyIfAny, route } from './answered.ts';
import { cursorBody } from './bodies.ts';
import { describeConnectors } from './describe-connectors.ts';
import { alreadyRunning, findConnector } from './find-connector.ts';

type Options = {
  readonly db: Database;
  readonly connectors: readonly OpenConnector[];
  readonly schedules: readonly Schedule[];
};

const PATH = '/sync/connectors';
const CHECK_MS = 60_000;

/** Looking at connectors, trying them, pausing them, and moving their cursors. */
export function connectorRoutes({ db, connectors, schedules }: Options): Route[] {
  return [
    route('get', '/', (_req, res) => {
      res.json({ status: 'ok', connectors: connectors.map(({ connector }) => connector.name) });
    }),
    route('get', PATH, async (_req, res) => void res.json(await describeConnectors(db, connectors, schedules))),
    route('post', `${PATH}/:connector/check`, async (req, res) => void res.json(await check(of(req)))),
    route('post', `${PATH}/:connector/pause`, (req, res) => setPaused(req, res, true)),
    route('post', `${PATH}/:connector/resume`, (req, res) => setPaused(req, res, false)),
    route('put', `${PATH}/:connector/:entity/cursor`, async (req, res) => {
      const open = of(req);
      const entity = entityOf(open, req);
      const { cursor } = await readBodyIfAny(req, cursorBody);
      await moveCursor(open.connector.name, entity, cursor);
      res.json({ connector: open.connector.name, entity, cursor });
    }),
    route('delete', `${PATH}/:connector/:entity/cursor`, async (req, res) => {
      const open = of(req);
      await moveCursor(open.connector.name, entityOf(open, req), undefined);
      res.status(204).end();
    }),
  ];

  function of(req: Request): OpenConnector {
    return findConnector(connectors, pathParameter(req, 'connector'));
  }

  async function setPaused(req: Request, res: Response, paused: boolean): Promise<void> {
    const { name } = of(req).connector;
    await changeRows(db, 'UPDATE sync_connectors SET paused = ? WHERE name = ?', [Number(paused), name]);
    res.json({ name, paused });
  }

  /** While a connector is paused no run can begin, so that none moves the cursor back. */
  function moveCursor(name: string, entity: string, cursor: Json | undefined): Promise<void> {
    return db.transaction(async (trx) => {
      const [row] = await lockConnectors(trx, [name]);
      if (row?.paused !== 1) throw new Problem('wrong-state', `${name} is not paused; pause it first.`);
      if (row.run_id !== null) throw alreadyRunning(name, row.run_id);
      await saveCursor(trx, sourceOf(name, entity), cursor);
    });
  }
}

function entityOf(open: OpenConnector, req: Request): string {
  const name = pathParameter(req, 'entity');
  if (open.entities().some((entity) => entity.name === name)) return name;
  throw new Problem('not-found', `${open.connector.name} has no entity ${name}.`);
}

/** A check's faults are its answer. */
async function check({ connector, caller, discover }: OpenConnector): Promise<CheckResult> {
  const signal = AbortSignal.timeout(CHECK_MS);
  try {
    const { ok, detail } = await connector.check(caller.callUntil(signal), signal);
    if (ok) await discover(signal);
    return { ok, detail: caller.redact(detail) };
  } catch (error) {
    if (signal.aborted) return { ok: false, detail: `no answer within ${CHECK_MS / 1_000} s` };
    const kind = error instanceof VendorFault ? error.kind : 'the connector failed';
    return { ok: false, detail: caller.redact(`${kind}: ${messageOf(error)}`) };
  }
}
