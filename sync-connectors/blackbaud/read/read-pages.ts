import { z } from 'zod';
import type { ReadItem, ReadRequest, Scope } from '../../frame/connector.ts';
import type { Source } from '../profiles/profile.ts';
import type { Sky } from '../sky.ts';
import { readPage } from '../source/read-list.ts';
import { rangeParameters } from './day-range.ts';
import { itemsOf, type Mapping } from './items.ts';

type ListSource = Extract<Source, { kind: 'list' }>;
type Request = Pick<ReadRequest, 'scope' | 'cursor'> & {
  readonly sky: Sky;
  readonly source: ListSource;
  readonly pageSize: number;
};

/** Where the next read of changes goes on: the vendor's own link, and when the read that had it began. */
const cursorType = z.object({ next_link: z.string().nullable(), since: z.string() });

/** Lists lag behind by some 30 minutes, and many rows share a `date_modified`. */
const LOOK_BACK_MS = 3_600_000;

/** Reads a list that has pages: all of it, a range of dates, or what has changed since the cursor. */
export async function* readPages(
  { scope, cursor, sky, source, pageSize }: Request,
  mapping: Mapping,
): AsyncGenerator<ReadItem> {
  const startedAt = Date.now();
  const from = source.isIncremental && scope.kind === 'all' ? cursorType.safeParse(cursor).data : undefined;
  const fixed = { ...source.parameters, limit: String(pageSize) };
  if (from) {
    let link = from.next_link;
    // The vendor's place knows nothing of our clock; an hour back finds what its lists had not yet.
    if (link !== null) link = yield* changes(link, {}, 'changes, page');
    const since = new Date(Date.parse(from.since) - LOOK_BACK_MS).toISOString();
    const last = yield* changes(source.path, { ...fixed, last_modified: since }, 'look-back, page');
    yield { kind: 'checkpoint', cursor: { next_link: last ?? link, since: new Date(startedAt).toISOString() } };
    yield { kind: 'complete', scope };
    return;
  }
  const range = scope.kind === 'range' ? rangeParameters(scope) : {};
  const ending = yield* allPages({ ...fixed, ...range }, scope);
  if (source.isIncremental && scope.kind === 'all' && ending.kind === 'complete')
    yield { kind: 'checkpoint', cursor: { next_link: null, since: new Date(startedAt).toISOString() } };
  yield ending;

  /** Follows the links from what has changed to the end; answers the last one, to be called again next time. */
  async function* changes(
    path: string,
    parameters: Readonly<Record<string, string>>,
    place: string,
  ): AsyncGenerator<ReadItem, string | null> {
    let link: string | null = null;
    for (let page = 1; ; page += 1) {
      const { rows, next }: Awaited<ReturnType<typeof readPage>> = await readPage(
        sky,
        link ?? path,
        link === null ? parameters : {},
      );
      yield* itemsOf(rows, `${place} ${page}`, mapping);
      const goesOn = next !== undefined && next !== link && rows.length > 0;
      link = next ?? link;
      if (!goesOn) return link;
    }
  }

  /**
   * Goes on by offset until a page says that it is the last; the vendor's count has to be that of the rows seen, each seen once: a row that
   * moves to another page during the read is seen twice, and then another one was not seen.
   */
  async function* allPages(
    parameters: Readonly<Record<string, string>>,
    covered: Scope,
  ): AsyncGenerator<ReadItem, ReadItem> {
    let seen = 0;
    const ids = new Set<string>();
    let twice = 0;
    for (let page = 1; ; page += 1) {
      const offset: Record<string, string> = seen > 0 ? { offset: String(seen) } : {};
      const { rows, count, next } = await readPage(sky, source.path, { ...parameters, ...offset });
      for (const item of itemsOf(rows, `page ${page}`, mapping)) {
        if ('id' in item && item.id !== undefined) {
          if (ids.has(item.id)) twice += 1;
          ids.add(item.id);
        }
        yield item;
      }
      seen += rows.length;
      yield { kind: 'progress', done: seen, total: count };
      const mayGoOn = rows.length === pageSize && (count === undefined || seen < count);
      if (rows.length > 0 && (next !== undefined || mayGoOn)) continue;
      const isAll = count === undefined || count === seen;
      if (isAll && twice === 0) return { kind: 'complete', scope: covered };
      const gave = isAll ? `gave ${twice} rows twice` : `counts ${count} rows and gave ${seen}`;
      const reason = `the vendor ${gave}; its list may have changed during the read`;
      return { kind: 'incomplete', scope: covered, reason };
    }
  }
}
