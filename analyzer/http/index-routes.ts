import { readOf } from '@millrace/core/access/access';
import { ownerOnly } from '@millrace/core/access/caller';
import { bound, limit, wholeNumber } from '@millrace/core/http/parameters';
import { parseQuery, queryOf } from '@millrace/core/http/parse-query';
import type { Route } from '@millrace/core/http/route-table';
import { Problem } from '@millrace/core/problem/problem';
import type { Stream } from '@millrace/core/schema/stream';
import { z } from 'zod';
import type { FindEvents } from '../ask/find-events.ts';
import type { FindIndex } from '../ask/find-index.ts';
import { isOwnedBy } from '../owner/is-owned-by.ts';
import type { History } from '../store/open-history.ts';
import type { AnswerFreshness } from './answer-freshness.ts';

type IndexOptions = {
  readonly streams: readonly Stream[];
  readonly historyOf: (stream: Stream) => History;
  readonly events: FindEvents;
  readonly findIndex: FindIndex;
  readonly freshness: AnswerFreshness;
};

const indexQuery = z.object({
  index: wholeNumber().optional(),
  from_index: wholeNumber().optional(),
  at: bound.optional(),
  event_id: z.guid({ error: 'must be a uuid' }).optional(),
  limit,
  max_lag: wholeNumber({ min: 0 }).optional(),
});
type IndexQuery = z.output<typeof indexQuery>;
const LOOKUPS = ['index', 'from_index', 'at', 'event_id'] as const;

/** `GET /<stream>`: one event by its number, its id or the time it was appended at, or a page of history from a number. */
export function indexRoutes(options: IndexOptions): Route[] {
  const { streams, historyOf, events, findIndex, freshness } = options;
  return streams.map((stream) => ({
    method: 'get',
    path: `/${stream.name}`,
    access: readOf(stream),
    handler: async (req, res) => {
      const query = parseQuery(indexQuery, queryOf(req.url));
      refuseUnlessOne(query);
      await freshness.setHeaders(res, stream, query.max_lag);
      const owner = ownerOnly(res.locals.caller, stream);
      const isTheirs = isOwnedBy(stream, owner);
      const history = historyOf(stream);
      res.set('epoch', String(history.table.epoch));
      if (query.from_index === undefined) {
        const event = await oneEvent(history, query, owner !== undefined);
        if (!isTheirs(event)) throw new Problem('not-found', notYours(stream));
        res.json(event);
        return;
      }
      const from = numberOf(query.from_index, history.count());
      const page = await events.from(history.table, from < 0n ? 0n : from, query.limit);
      if (page[0]?.position.index !== Number(from < 0n ? 0n : from)) refuseGone(history, from);
      const last = page.at(-1);
      if (last && BigInt(last.position.index) + 1n < history.count())
        res.set('link', `</${stream.name}?from_index=${last.position.index + 1}&limit=${query.limit}>; rel="next"`);
      res.json(page.filter(isTheirs));
    },
  }));

  async function oneEvent(history: History, query: IndexQuery, hidesCounts: boolean) {
    const number = await numberAsked(history, query);
    const isThere = number !== undefined && number >= history.first() && number < history.count();
    const event = isThere ? await events.at(history.table, number) : undefined;
    if (event) return event;
    if (number !== undefined) refuseGone(history, number);
    throw new Problem('not-found', hidesCounts ? notYours(history.table.stream) : missing(history, query));
  }

  async function numberAsked({ table, count }: History, { index, at, event_id }: IndexQuery) {
    if (index !== undefined) return numberOf(index, count());
    return at === undefined ? findIndex.byEventId(table, event_id ?? '') : findIndex.atTime(table, at);
  }

  /** Numbers do not shift when retention removes the start of a topic: what had one of those is gone. */
  function refuseGone({ table, first }: History, number: bigint) {
    if (number >= 0n && number < first())
      throw new Problem('gone', `Retention has removed the events before ${first()} from ${table.stream.name}.`);
  }

  function missing({ table, count, first }: History, { index, at }: IndexQuery): string {
    const { name } = table.stream;
    const total = count();
    if (total === 0n) return `${name} has no events yet.`;
    if (at !== undefined) return `${name} has no event appended at that time or later.`;
    if (index === undefined) return `${name} has no event with that id.`;
    const left = total - first();
    if (left === 0n) return `${name} has no events: retention has removed all ${total}.`;
    return `${name} has ${left} event${left === 1n ? '' : 's'}, from ${first()} to ${total - 1n}; there is none at ${index}.`;
  }
}

function refuseUnlessOne(query: IndexQuery): void {
  const given = LOOKUPS.filter((name) => query[name] !== undefined);
  if (given.length === 1) return;
  const errors = given.map((name) => ({ pointer: `/query/${name}`, message: 'must be the only one of its kind' }));
  throw new Problem('invalid-parameter', 'Give one of index, from_index, at and event_id.', { errors });
}

/** The same whether there is no such event or it is another's. */
const notYours = ({ name }: Stream) => `${name} has no such event of yours.`;

/** A negative number counts from the newest: -1 is the last. */
const numberOf = (index: number, count: bigint) => (index < 0 ? count + BigInt(index) : BigInt(index));
