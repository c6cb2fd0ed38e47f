import type { Database } from '@millrace/core/database/open-database';
import { pathParameter } from '@millrace/core/http/path-parameter';
import type { Request, Response, Route } from '@millrace/core/http/route-table';
import { Problem } from '@millrace/core/problem/problem';
import type { Entity } from '../frame/connector.ts';
import { createRun } from '../frame/run/create-run.ts';
import type { RunPart, Trigger } from '../frame/run/run.ts';
import type { OpenConnector } from '../frame/run/run-options.ts';
import { readBodyIfAny, route } from './answered.ts';
import { allBody, backfillBody, connectorBody, customerBody, eventsBody } from './bodies.ts';
import { alreadyRunning, findConnector } from './find-connector.ts';

type StartOptions = {
  readonly db: Database;
  readonly connectors: readonly OpenConnector[];
  /** Called once there is a new run. */
  readonly onRun: () => void;
};

/** The entities that `POST /sync/customer` asks for one row of. */
const CUSTOMERS = 'customers';

/** Starting runs. */
export function startRoutes({ db, connectors, onRun }: StartOptions): Route[] {
  return [
    route('post', '/sync/all', async (req, res) => {
      const { full } = await readBodyIfAny(req, allBody);
      await start(
        res,
        'manual',
        partsOf(() => true, { kind: 'all' }, full),
        'No connector is set up.',
      );
    }),
    route('post', '/sync/customer', async (req, res) => {
      const { customer_id: id } = await readBodyIfAny(req, customerBody);
      const parts = partsOf(({ name }) => name === CUSTOMERS, { kind: 'one', id });
      await start(res, 'manual', parts, `No connector that is set up has ${CUSTOMERS}.`);
    }),
    route('post', '/sync/events', async (req, res) => {
      const { start_date: from, end_date: to } = await readBodyIfAny(req, eventsBody);
      const parts = partsOf(({ hasRanges }) => hasRanges, { kind: 'range', from, to });
      await start(res, 'manual', parts, 'No connector that is set up can be read by dates.');
    }),
    route('post', '/sync/backfill', backfill),
    route('post', '/sync/:connector', runConnector),
  ];

  function partsOf(
    picks: (entity: Entity) => boolean,
    scope: RunPart['scope'],
    full = false,
    among: readonly OpenConnector[] = connectors,
  ): RunPart[] {
    return among.flatMap(({ connector, entities }) =>
      entities()
        .filter(picks)
        .map((entity) => ({ connector: connector.name, entity, scope, full })),
    );
  }

  async function runConnector(req: Request, res: Response): Promise<void> {
    const open = findConnector(connectors, pathParameter(req, 'connector'));
    const { entities: names, full } = await readBodyIfAny(req, connectorBody);
    const known = open.entities().map(({ name }) => name);
    const errors = (names ?? []).flatMap((name, index) =>
      known.includes(name) ? [] : [{ pointer: `/entities/${index}`, message: `must be one of ${known.join(', ')}` }],
    );
    if (errors.length > 0) throw new Problem('invalid-parameter', 'Unknown entities, see errors', { errors });
    const parts = partsOf(({ name }) => names?.includes(name) ?? true, { kind: 'all' }, full, [open]);
    await start(res, 'manual', parts, `${open.connector.name} has no entity.`);
  }

  async function backfill(req: Request, res: Response): Promise<void> {
    const { connector, entity: name, start_date: from, end_date: to } = await readBodyIfAny(req, backfillBody);
    const open = findConnector(connectors, connector);
    const able = open.entities().filter(({ hasRanges }) => hasRanges);
    if (!able.some((entity) => entity.name === name)) {
      const message = `must be an entity that can be read by dates: ${able.map((each) => each.name).join(', ') || 'there is none'}`;
      throw new Problem('invalid-parameter', '1 fault, see errors', { errors: [{ pointer: '/entity', message }] });
    }
    const parts = partsOf((entity) => entity.name === name, { kind: 'range', from, to }, false, [open]);
    await start(res, 'backfill', parts, '');
  }

  async function start(res: Response, trigger: Trigger, parts: readonly RunPart[], without: string): Promise<void> {
    if (parts.length === 0) throw new Problem('not-found', without);
    const made = await db.transaction((trx) => createRun(trx, trigger, parts));
    if (made.kind === 'running') throw alreadyRunning(made.connector, made.runId);
    if (made.kind === 'paused') throw new Problem('wrong-state', 'The connector is paused; resume it first.');
    onRun();
    res.status(202).set('location', `/sync/runs/${made.runId}`).json({ run_id: made.runId });
  }
}
