import { limit } from '@millrace/core/http/parameters';
import { parseQuery, queryOf } from '@millrace/core/http/parse-query';
import { readBodyAs } from '@millrace/core/http/read-body-as';
import type { Request, Response, Route } from '@millrace/core/http/route-table';
import { rowExampleOf } from '@millrace/core/openapi/example-of';
import { v7 } from 'uuid';
import { z } from 'zod';
import { route } from '../../routes/answered.ts';
import type { Send } from '../send/create-send.ts';
import { insertAttempts, listAttempts } from '../store/attempts.ts';
import { findDelivery, pauseDelivery, resumeDelivery, touchDelivery } from '../store/deliveries.ts';
import { countFailed, recoverFailed, restartHeld } from '../store/events.ts';
import { signNow } from '../store/secrets.ts';
import { readBacklogs } from '../store/status.ts';
import { attemptCursor, linkNext } from './cursors.ts';
import type { DeliveryRouteOptions } from './delivery-routes.ts';
import { knownDelivery, missingDelivery, streamNamed } from './known-delivery.ts';
import { requireWholeStream } from './may-read.ts';
import { PATH } from './path.ts';
import { recoverBody } from './recover-body.ts';
import { createShow, showAttempt } from './show.ts';

type Options = Omit<DeliveryRouteOptions, 'guard' | 'allowPrivate'> & { readonly send: Send['send'] };

const attemptsQuery = z.object({ limit, cursor: attemptCursor.optional() });

/** Pausing, resuming, trying and recovering a delivery, and what came of its attempts. */
export function sendingRoutes(options: Options): Route[] {
  const { db, streams, secrets, send, onChanged } = options;
  const show = createShow(options);

  return [
    route('get', `${PATH}/:id/attempts`, attempts),
    route('post', `${PATH}/:id/recover`, recover),
    route('post', `${PATH}/:id/pause`, pause),
    route('post', `${PATH}/:id/resume`, resume),
    route('post', `${PATH}/:id/test`, test),
  ];

  async function attempts(req: Request, res: Response): Promise<void> {
    const params = queryOf(req.url);
    const { limit: most, cursor } = parseQuery(attemptsQuery, params);
    const { deliveryId } = await knownDelivery(db, req);
    const found = await listAttempts(db, deliveryId, { before: cursor, limit: most + 1 });
    const page = found.slice(0, most);
    const last = page.at(-1);
    if (found.length > most && last) linkNext(res, `${PATH}/${deliveryId}/attempts`, params, Number(last.attempt_row));
    res.json(page.map(showAttempt));
  }

  async function recover(req: Request, res: Response): Promise<void> {
    const delivery = await knownDelivery(db, req);
    const { since, until = Date.now(), dry_run: isDry } = await readBodyAs(req, recoverBody);
    requireWholeStream(res.locals.caller, streamNamed(streams, delivery.stream));
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
    const { deliveryId } = await knownDelivery(db, req);
    await pauseDelivery(db, deliveryId, 'it was paused by a request', false);
    onChanged();
    await answerShown(deliveryId, res);
  }

  async function resume(req: Request, res: Response): Promise<void> {
    const { deliveryId, stream } = await knownDelivery(db, req);
    requireWholeStream(res.locals.caller, streamNamed(streams, stream));
    await db.transaction(async (trx) => {
      await resumeDelivery(trx, deliveryId);
      await restartHeld(trx, deliveryId);
    });
    onChanged();
    await answerShown(deliveryId, res);
  }

  /** One made-up event, whatever state the delivery is in; what it leads to is the answer. */
  async function test(req: Request, res: Response): Promise<void> {
    const { deliveryId, stream: name, url } = await knownDelivery(db, req);
    const stream = streamNamed(streams, name);
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

  async function answerShown(deliveryId: string, res: Response): Promise<void> {
    const found = await findDelivery(db, deliveryId);
    if (!found) throw missingDelivery(deliveryId);
    res.json(await show(found, await readBacklogs(db)));
  }
}
