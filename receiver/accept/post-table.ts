import type { Authorize } from '@millrace/core/access/authenticate';
import type { Route } from '@millrace/core/http/route-table';
import type { Log } from '@millrace/core/log/create-log';
import type { ToRecord } from '@millrace/core/record/compile-record';
import { routesOf } from '@millrace/core/schema/routes-of';
import type { Stream } from '@millrace/core/schema/stream';
import type { Producer } from '@millrace/core/stream/create-producer';
import type { AdmitClient } from '../admit-client.ts';
import { createBudget } from './budget.ts';
import { type PostHandler, postStream } from './post-stream.ts';
import { createRecentEvents } from './recent-events.ts';
import { writeRecords } from './write-records.ts';

export type TableOptions = {
  readonly toRecords: ReadonlyMap<Stream, ToRecord>;
  readonly producer: Producer;
  readonly authorize: Authorize;
  readonly admit: AdmitClient;
  readonly log: Log;
  readonly maxBodyBytes: number;
  /** What requests may hold of memory together. */
  readonly maxInFlightBytes: number;
  readonly maxInFlightRecords: number;
};

/** By path, such as `/stats/running`. */
export type PostTable = ReadonlyMap<string, PostHandler>;

const MAX_RECENT_EVENTS = 50_000;

/** The POST routes of every stream that has any; all of them share recent events and one budget. */
export function postTable({ toRecords, producer, authorize, admit, log, ...limits }: TableOptions): PostTable {
  const { maxBodyBytes, maxInFlightBytes, maxInFlightRecords } = limits;
  const shared = {
    write: writeRecords(producer, createRecentEvents(MAX_RECENT_EVENTS)),
    budget: createBudget(maxInFlightBytes, maxInFlightRecords),
    authorize,
    admit,
    maxBodyBytes,
    log,
  };
  return new Map(
    [...toRecords]
      .filter(([stream]) => stream.isPosted)
      .flatMap(([stream, toRecord]) => {
        const post = postStream({ stream, toRecord, ...shared });
        return routesOf(stream).map((route) => [route, post]);
      }),
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
