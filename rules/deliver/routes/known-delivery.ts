import type { Database } from '@millrace/core/database/open-database';
import { pathParameter } from '@millrace/core/http/path-parameter';
import type { Request } from '@millrace/core/http/route-table';
import { Problem } from '@millrace/core/problem/problem';
import type { Stream } from '@millrace/core/schema/stream';
import { validate as isUuid } from 'uuid';
import type { Delivery } from '../delivery/delivery.ts';
import { findDelivery } from '../store/deliveries.ts';

export const missingDelivery = (id: string) => new Problem('not-found', `There is no delivery ${id}.`);

/** The delivery that a path names. Throws `not-found`. */
export async function knownDelivery(db: Database, req: Request): Promise<Delivery> {
  const id = pathParameter(req, 'id');
  const found = isUuid(id) ? await findDelivery(db, id.toLowerCase()) : undefined;
  if (!found) throw missingDelivery(id);
  return found;
}

/** The stream of a delivery. Throws `wrong-state` where its schema was removed. */
export function streamNamed(streams: readonly Stream[], name: string): Stream {
  const stream = streams.find((each) => each.name === name);
  if (stream) return stream;
  throw new Problem('wrong-state', `There is no stream ${name} any more.`);
}
