import type { Database } from '@millrace/core/database/open-database';
import { limit } from '@millrace/core/http/parameters';
import { parseQuery, queryOf } from '@millrace/core/http/parse-query';
import { readJson } from '@millrace/core/http/read-json';
import type { Request, Response, Route } from '@millrace/core/http/route-table';
import { rowExampleOf } from '@millrace/core/openapi/example-of';
import { Problem } from '@millrace/core/problem/problem';
import type { Stream } from '@millrace/core/schema/stream';
import type { Admin } from '@millrace/core/stream/admin';
import { validate as isUuid, v7 } from 'uuid';
import { z } from 'zod';
import { invalidBody, parameter, readBodyAs, route } from '../../routes/answered.ts';
import type { Guard } from '../address/guard.ts';
import { beginAt, firstOffsets } from '../delivery/begin.ts';
import { changedDelivery, checkDefinition, GENERATE, newDelivery } from '../delivery/definition.ts';
import type { Delivery } from '../delivery/delivery.ts';
import type { Send } from '../send/create-send.ts';
import { generateSecret } from '../sign/secret.ts';
import { insertAttempts, listAttempts } from '../store/attempts.ts';
import {
  countToAdd,
  findDelivery,
  insertDelivery,
  listDeliveries,
  pauseDelivery,
  replaceDelivery,
  resumeDelivery,
  touchDelivery,
} from '../store/deliveries.ts';
import { countFailed, recoverFailed, restartHeld } from '../store/events.ts';
import { removeDelivery } from '../store/remove.ts';
import { type Secrets, signNow } from '../store/secrets.ts';
import { readBacklogs } from '../store/status.ts';
import { attemptCursor, cursorAt, deliveryCursor, recoverBody } from './bodies.ts';
import { requireWholeStream } from './may-read.ts';
import { PATH } from './path.ts';
import { createShow, showAttempt } from './show.ts';

type Options = {
  readonly db: Database;
  readonly admin: Admin;
  readonly streams: readonly Stream[];
  readonly secrets: Secrets;
  readonly guard: Guard;
  readonly allowPrivate: boolean;
  readonly send: Send['send'];
  /** Why a delivery can't run. */
  readonly fault: (deliveryId: string) => string | undefined;
  /** Called when something was changed. */
  readonly onChanged: () => void;
};

/** Each is a consumer group of its own. */
const MOST_DELIVERIES = 100;
const LIMIT = { limitBytes: 65_536 };
const listQuery = z.object({ limit, cursor: deliveryCursor.optional() });
const attemptsQuery = z.object({ limit, cursor: attemptCursor.optional() });

/** Making, changing, ending, trying and looking at deliveries. */
export function deliveryRoutes(options: Options): Route[] {
  const { db, admin, streams, secrets, send, onChanged } = options;
  const show = createShow(options);

  return [
    route('get', PATH, list),
    route('post', PATH, create),
    route('get', `${PATH}/:id`, async (req, res) => {
      res.json(await show(await known(req), await readBacklogs(db)));
    }),
    route('put', `${PATH}/:id`, replace),
    route('delete', `${PATH}/:id`, remove),
    route('get', `${PATH}/:id/attempts`, attempts),
    route('post', `${PATH}/:id/recover`, recover),
    route('post', `${PATH}/:id/pause`, pause),
    route('post', `${PATH}/:id/resume`, resume),
    route('post', `${PATH}/:id/test`, test),
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
    const stream = streamOf(definition.stream);
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
    const { deliveryId, stream } = await known(req);
    const checked = await checkDefinition(changedDelivery, await readJson(req, LIMIT), options);
    if (checked.faults) throw invalidBody(checked.faults);
    const { secret: given, ...definition } = checked.definition;
    if (definition.stream !== stream)
      throw invalidBody([
        { pointer: '/stream', message: `is ${stream} and can not be changed: make another delivery` },
      ]);
    requireWholeStream(res.locals.caller, streamOf(stream));
    const secret = given === GENERATE ? generateSecret() : given;
    await db.transaction(async (trx) => {
      const before = await findDelivery(trx, deliveryId, 'FOR UPDATE');
      if (!before) throw missing(deliveryId);
      if (before.url !== definition.url) await restartHeld(trx, deliveryId);
      await replaceDelivery(trx, { deliveryId, ...definition });
      if (secret !== undefined) await secrets.rotate(trx, deliveryId, secret);
    });
    onChanged();
    res.json({ delivery_id: deliveryId, ...(given === GENERATE && { secret }) });
  }

  async function remove(req: Request, res: Response): Promise<void> {
    const { deliveryId } = await known(req);
    await db.transaction((trx) => removeDelivery(trx, deliveryId));
    onChanged();
    res.status(204).end();
  }

  async function attempts(req: Request, res: Response): Promise<void> {
    const params = queryOf(req.url);
    const { limit: most, cursor } = parseQuery(attemptsQuery, params);
    const { deliveryId } = await known(req);
    const found = await listAttempts(db, deliveryId, { before: cursor, limit: most + 1 });
    const page = found.slice(0, most);
    const last = page.at(-1);
    if (found.length > most && last) linkNext(res, `${PATH}/${deliveryId}/attempts`, params, Number(last.attempt_row));
    res.json(page.map(showAttempt));
  }

  async function recover(req: Request, res: Response): Promise<void> {
    const delivery = await known(req);
    const { since, until = Date.now(), dry_run: isDry } = await readBodyAs(req, recoverBody);
    requireWholeStream(res.locals.caller, streamOf(delivery.stream));
    const { deliveryId } = delivery;
    const events = isDry
      ? await countFailed(db, deliveryId, { since, until })
      : await db.transaction(async (trx) => {
          await touchDelivery(trx, deliveryId);
          return recoverFailed(trx, deliveryId, { since, until });
        });
    if (!isDry) onChanged();
    res.status(isDry ? 200 : 202).json({ delivery_id: deliveryId, dry_run: isDry, events });
  }

  async function pause(req: Request, res: Response): Promise<void> {
    const { deliveryId } = await known(req);
    await pauseDelivery(db, deliveryId, 'it was paused by a request', false);
    onChanged();
    await answerShown(deliveryId, res);
  }

  async function resume(req: Request, res: Response): Promise<void> {
    const { deliveryId, stream } = await known(req);
    requireWholeStream(res.locals.caller, streamOf(stream));
    await db.transaction(async (trx) => {
      await resumeDelivery(trx, deliveryId);
      await restartHeld(trx, deliveryId);
    });
    onChanged();
    await answerShown(deliveryId, res);
  }

  /** One made-up event, whatever state the delivery is in; what it leads to is the answer. */
  async function test(req: Request, res: Response): Promise<void> {
    const { deliveryId, stream: name, url } = await known(req);
    const stream = streamOf(name);
    requireWholeStream(res.locals.caller, stream);
    const eventId = v7();
    const body = Buffer.from(JSON.stringify({ ...rowExampleOf(stream), event_id: eventId }));
    const signing = signNow(await secrets.current(db, deliveryId));
    const attempt = await send({ url, secrets: signing }, { id: eventId, body }, new AbortController().signal);
    if (!attempt) throw new Error('an attempt that nobody called off was called off');
    await insertAttempts(db, deliveryId, [{ eventId, number: 1, outcome: 'test', attempt }]);
    const { status = null, error = null, response = null, durationMs } = attempt;
    res.json({ ok: error === null, event_id: eventId, status, error, response, duration_ms: durationMs });
  }

  async function known(req: Request): Promise<Delivery> {
    const id = parameter(req, 'id');
    const found = isUuid(id) ? await findDelivery(db, id.toLowerCase()) : undefined;
    if (!found) throw missing(id);
    return found;
  }

  async function answerShown(deliveryId: string, res: Response): Promise<void> {
    const found = await findDelivery(db, deliveryId);
    if (!found) throw missing(deliveryId);
    res.json(await show(found, await readBacklogs(db)));
  }

  function streamOf(name: string): Stream {
    const stream = streams.find((each) => each.name === name);
    if (stream) return stream;
    throw new Problem('wrong-state', `There is no stream ${name} any more.`);
  }
}

const missing = (id: string) => new Problem('not-found', `There is no delivery ${id}.`);

function linkNext(res: Response, path: string, params: URLSearchParams, position: string | number): void {
  params.set('cursor', cursorAt(position));
  res.set('link', `<${path}?${params}>; rel="next"`);
}
