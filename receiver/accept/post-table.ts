import type { Route } from '@millrace/core/http/route-table';
import type { Stream } from '@millrace/core/schema/stream';
import type { Producer } from '@millrace/core/stream/create-producer';
import { limitClients } from '../limit-clients.ts';
import { createBudget } from './budget.ts';
import type { Intake } from './compile-intake.ts';
import { createMemory } from './memory.ts';
import { type PostHandler, postStream } from './post-stream.ts';
import { writeRecords } from './write-records.ts';

type TableOptions = {
  readonly intakes: ReadonlyMap<Stream, Intake>;
  readonly producer: Producer;
  readonly maxBodyBytes: number;
  /** What requests may hold of memory together. */
  readonly maxInFlightBytes: number;
  readonly maxInFlightRecords: number;
  /** Requests a second of one client; 0 takes any number. */
  readonly rateLimit: number;
};

/** By path, such as `/stats/running`. */
export type PostTable = ReadonlyMap<string, PostHandler>;

const MAX_REMEMBERED_EVENTS = 50_000;

/** The POST route of every stream; all of them share one memory, one budget and one count of requests. */
export function postTable({ intakes, producer, ...limits }: TableOptions): PostTable {
  const { rateLimit, maxBodyBytes, maxInFlightBytes, maxInFlightRecords } = limits;
  const shared = {
    write: writeRecords(producer, createMemory(MAX_REMEMBERED_EVENTS)),
    budget: createBudget(maxInFlightBytes, maxInFlightRecords),
    limitClient: limitClients(rateLimit),
    maxBodyBytes,
  };
  return new Map([...intakes].map(([stream, intake]) => [stream.path, postStream({ stream, intake, ...shared })]));
}

/** The same routes for Express: for its 404, 405 and OPTIONS, and for spellings of a path that the table does not hold. */
export function postRoutes(posts: PostTable): Route[] {
  return [...posts].map(([path, post]) => ({
    method: 'post',
    path,
    handler: (req, res) => post(req, res, res.locals.trace),
  }));
}
