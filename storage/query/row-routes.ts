import { readOf } from '@millrace/core/access/access';
import { ownerOnly } from '@millrace/core/access/caller';
import { queryOf } from '@millrace/core/http/parse-query';
import type { Request, Response, Route } from '@millrace/core/http/route-table';
import { Problem } from '@millrace/core/problem/problem';
import { routesOf } from '@millrace/core/schema/routes-of';
import type { Stream } from '@millrace/core/schema/stream';
import type { Table } from '../table/column.ts';
import { compileRangeQuery } from './range-query.ts';
import type { Rows } from './read-rows.ts';
import { streamRange } from './stream-range.ts';

const JSON_TYPE = 'application/json';
const TYPES = [JSON_TYPE, 'application/x-ndjson', 'text/csv'];

/** `GET <path>` and `GET <path>/<id>` of one stream, and the same under its aliases. */
export function rowRoutes(stream: Stream, table: Table, rows: Rows): Route[] {
  const readQuery = compileRangeQuery(stream, table);

  return routesOf(stream).flatMap((path): Route[] => [
    { method: 'get', path, access: readOf(stream), handler: (req, res) => list(path, req, res) },
    { method: 'get', path: `${path}/:id`, access: readOf(stream), handler: find },
  ]);

  async function list(path: string, req: Request, res: Response): Promise<void> {
    const type = req.accepts(TYPES);
    if (!type) throw new Problem('not-acceptable', `This list comes as ${TYPES.join(', ')}.`);
    const params = queryOf(req.url);
    const query = readQuery(params, ownerOnly(res.locals.caller, stream));
    res.vary('accept');
    if (type === 'text/csv' || type === 'application/x-ndjson') return streamRange(rows, query, type, res);
    const page = await rows.page(query);
    if (page.next) {
      params.set('cursor', query.cursorAt(page.next));
      res.set('link', `<${path}?${params}>; rel="next"`);
    }
    res.json(page.rows);
  }

  async function find({ params: { id } }: Request, res: Response): Promise<void> {
    const owner = ownerOnly(res.locals.caller, stream);
    const row = typeof id === 'string' ? await rows.find(id, owner) : undefined;
    if (!row) throw new Problem('not-found', `There is no ${stream.name} row ${id}.`);
    res.json(row);
  }
}
