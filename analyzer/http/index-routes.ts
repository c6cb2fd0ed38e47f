import { limit, wholeNumber } from '@millrace/core/http/parameters';
import { parseQuery, queryOf } from '@millrace/core/http/parse-query';
import type { Route } from '@millrace/core/http/route-table';
import { Problem } from '@millrace/core/problem/problem';
import type { Stream } from '@millrace/core/schema/stream';
import { z } from 'zod';
import type { FindEvents } from '../ask/find-events.ts';
import type { History } from '../store/open-history.ts';

const indexQuery = z.object({ index: wholeNumber().optional(), from_index: wholeNumber().optional(), limit });

/** `GET /<stream>`: one event by its number, or a page of history from one. */
export function indexRoutes(
  streams: readonly Stream[],
  historyOf: (stream: Stream) => History,
  find: FindEvents,
): Route[] {
  return streams.map((stream) => ({
    method: 'get',
    path: `/${stream.name}`,
    handler: async (req, res) => {
      const query = parseQuery(indexQuery, queryOf(req.url));
      const { table, count } = historyOf(stream);
      if ((query.index === undefined) === (query.from_index === undefined))
        throw new Problem(
          'invalid-parameter',
          'Give either index, the number of one event, or from_index, where a page begins.',
        );
      if (query.index !== undefined) {
        const event = await find.at(table, numberOf(query.index, count()));
        if (!event) throw new Problem('not-found', missing(stream.name, query.index, count()));
        res.json(event);
        return;
      }
      const from = numberOf(query.from_index ?? 0, count());
      const events = await find.from(table, from < 0n ? 0n : from, query.limit);
      const last = events.at(-1);
      if (last && BigInt(last.position.index) + 1n < count())
        res.set('link', `</${stream.name}?from_index=${last.position.index + 1}&limit=${query.limit}>; rel="next"`);
      res.json(events);
    },
  }));
}

/** A negative number counts from the newest: -1 is the last. */
const numberOf = (index: number, count: bigint) => (index < 0 ? count + BigInt(index) : BigInt(index));

function missing(stream: string, index: number, count: bigint): string {
  const events = count === 1n ? '1 event' : `${count} events`;
  return count === 0n
    ? `${stream} has no events yet.`
    : `${stream} has ${events}, from 0 to ${count - 1n}; there is none at ${index}.`;
}
