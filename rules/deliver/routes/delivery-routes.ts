import type { Database } from '@millrace/core/database/open-database';
import { limit } from '@millrace/core/http/parameters';
import { parseQuery, queryOf } from '@millrace/core/http/parse-query';
import { invalidBody } from '@millrace/core/http/read-body-as';
import { readJson } from '@millrace/core/http/read-json';
import type { Request, Response, Route } from '@millrace/core/http/route-table';
import { Problem } from '@millrace/core/problem/problem';
import type { Stream } from '@millrace/core/schema/stream';
import type { Admin } from '@millrace/core/stream/admin';
import { v7 } from 'uuid';
import { z } from 'zod';
import { route } from '../../routes/answered.ts';
import type { Guard } from '../address/guard.ts';
import { beginAt, firstOffsets } from '../delivery/begin.ts';
import { changedDelivery, checkDefinition, GENERATE, newDelivery } from '../delivery/definition.ts';
import { generateSecret } from '../sign/secret.ts';
import { countToAdd, findDelivery, insertDelivery, listDeliveries, replaceDelivery } from '../store/deliveries.ts';
import { restartHeld } from '../store/events.ts';
import { removeDelivery } from '../store/remove.ts';
import type { Secrets } from '../store/secrets.ts';
import { readBacklogs } from '../store/status.ts';
import { deliveryCursor, linkNext } from './cursors.ts';
import { knownDelivery, missingDelivery, streamNamed } from './known-delivery.ts';
import { requireWholeStream } from './may-read.ts';
import { PATH } from './path.ts';
import { createShow } from './show.ts';

export type DeliveryRouteOptions = {
  readonly db: Database;
  readonly admin: Admin;
  readonly streams: readonly Stream[];
  readonly secrets: Secrets;
  readonly guard: Guard;
  readonly allowPrivate: boolean;
  /** Why a delivery can't run. */
  readonly fault: (deliveryId: string) => string | undefined;
  /** Called when something was changed. */
  readonly onChanged: () => void;
};

/** Each is a consumer group of its own. */
const MOST_DELIVERIES = 100;
const LIMIT = { limitBytes: 65_536 };
const listQuery = z.object({ limit, cursor: deliveryCursor.optional() });

/** Making, changing, ending and looking at deliveries. */
export function deliveryRoutes(options: DeliveryRouteOptions): Route[] {
  const { db, admin, streams, secrets, onChanged } = options;
  const show = createShow(options);

  return [
    route('get', PATH, list),
    route('post', PATH, create),
    route('get', `${PATH}/:id`, async (req, res) => {
      res.json(await show(await knownDelivery(db, req), await readBacklogs(db)));
    }),
    route('put', `${PATH}/:id`, replace),
    route('delete', `${PATH}/:id`, remove),
  ];

  async function list(req: Request, res: Response): Promise<void> {
    const params = queryOf(req.url);
    const { limit: most, cursor = '' } = parseQuery(listQuery, params);
    const found = (await listDeliveries(db)).filter(({ deliveryId }) => deliveryId > cursor);
    const page = found.slice(0, most);
    if (found.length > most) linkNext(res, PATH, params, page.at(-1)?.deliveryId ?? '');
    const backlogs = await readBacklogs(db);
    res.json(await Promise.all(page.map((each) => show(each, backlogs))));
  }

  async function create(req: Request, res: Response): Promise<void> {
    const checked = await checkDefinition(newDelivery, await readJson(req, LIMIT), options);
    if (checked.faults) throw invalidBody(checked.faults);
    const { secret: given = GENERATE, from, ...definition } = checked.definition;
    const stream = streamNamed(streams, definition.stream);
    requireWholeStream(res.locals.caller, stream);
    const offsets = await firstOffsets(admin, stream.topic, from);
    const deliveryId = v7();
    const secret = given === GENERATE ? generateSecret() : given;
    await db.transaction(async (trx) => {
      if ((await countToAdd(trx)) >= MOST_DELIVERIES)
        throw new Problem(
          'wrong-state',
          `There are ${MOST_DELIVERIES} deliveries, and no more can be; delete one first.`,
        );
      await insertDelivery(trx, { deliveryId, ...definition });
      await secrets.add(trx, deliveryId, secret);
      await beginAt(trx, deliveryId, stream.topic, offsets);
    });
    onChanged();
    const answer = { delivery_id: deliveryId, ...(given === GENERATE && { secret }) };
    res.status(201).set('location', `${PATH}/${deliveryId}`).json(answer);
  }

  async function replace(req: Request, res: Response): Promise<void> {
    const { deliveryId, stream } = await knownDelivery(db, req);
    const checked = await checkDefinition(changedDelivery, await readJson(req, LIMIT), options);
    if (checked.faults) throw invalidBody(checked.faults);
    const { secret: given, ...definition } = checked.definition;
    if (definition.stream !== stream)
      throw invalidBody([
        { pointer: '/stream', message: `is ${stream} and can not be changed: make another delivery` },
      ]);
    requireWholeStream(res.locals.caller, streamNamed(streams, stream));
    const secret = given === GENERATE ? generateSecret() : given;
    await db.transaction(async (trx) => {
      const before = await findDelivery(trx, deliveryId, 'FOR UPDATE');
      if (!before) throw missingDelivery(deliveryId);
      if (before.url !== definition.url) await restartHeld(trx, deliveryId);
      await replaceDelivery(trx, { deliveryId, ...definition });
      if (secret !== undefined) await secrets.rotate(trx, deliveryId, secret);
    });
    onChanged();
    res.json({ delivery_id: deliveryId, ...(given === GENERATE && { secret }) });
  }

  async function remove(req: Request, res: Response): Promise<void> {
    const { deliveryId } = await knownDelivery(db, req);
    await db.transaction((trx) => removeDelivery(trx, deliveryId));
    onChanged();
    res.status(204).end();
  }
}
