import type { Authorize } from '@millrace/core/access/authenticate';
import { clientAddress } from '@millrace/core/http/client-address';
import type { Route } from '@millrace/core/http/route-table';
import type { Log } from '@millrace/core/log/create-log';
import type { ToRecord } from '@millrace/core/record/compile-record';
import type { Stream } from '@millrace/core/schema/stream';
import type { Producer } from '@millrace/core/stream/create-producer';
import { limitClients } from '../limit-clients.ts';
import { createBudget } from './budget.ts';
import { type PostHandler, postStream } from './post-stream.ts';
import { createRecentEvents } from './recent-events.ts';
import { writeRecords } from './write-records.ts';

type TableOptions = {
  readonly toRecords: ReadonlyMap<Stream, ToRecord>;
  readonly producer: Producer;
  readonly authorize: Authorize;
  readonly log: Log;
  readonly maxBodyBytes: number;
  /** What requests may hold of memory together. */
  readonly maxInFlightBytes: number;
  readonly maxInFlightRecords: number;
  /** Requests a second of one client; 0 takes any number. */
  readonly rateLimit: number;
  readonly trustedProxies: number;
};

/** By path, such as `/stats/running`. */
export type PostTable = ReadonlyMap<string, PostHandler>;

const MAX_RECENT_EVENTS = 50_000;

/** The POST route of every stream; all of them share recent events, one budget and one count of requests. */
export function postTable({ toRecords, producer, authorize, log, ...limits }: TableOptions): PostTable {
  const { rateLimit, trustedProxies, maxBodyBytes, maxInFlightBytes, maxInFlightRecords } = limits;
  const clientOf = clientAddress(trustedProxies);
  const shared = {
    write: writeRecords(producer, createRecentEvents(MAX_RECENT_EVENTS)),
    budget: createBudget(maxInFlightBytes, maxInFlightRecords),
    authorize,
    clientOf,
    limitClient: limitClients(rateLimit),
    maxBodyBytes,
    log,
  };
  return new Map(
    [...toRecords].map(([stream, toRecord]) => [stream.path, postStream({ stream, toRecord, ...shared })]),
  );
}

/**
 * The same routes for Express: for its 404, 405 and OPTIONS, and for spellings of a path that the table does not hold. Each authorizes
 * its caller itself.
 */
export function postRoutes(posts: PostTable): Route[] {
  return [...posts].map(([path, post]) => ({
    method: 'post',
    path,
    access: 'public',
    handler: (req, res) => post(req, res, res.locals.trace),
  }));
}
