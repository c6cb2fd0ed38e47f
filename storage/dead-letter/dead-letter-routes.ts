import { ADMIN } from '@millrace/core/access/access';
import type { Database } from '@millrace/core/database/open-database';
import { withDatabaseProblems } from '@millrace/core/database/with-database-problems';
import { limit, order } from '@millrace/core/http/parameters';
import { parseQuery, queryOf } from '@millrace/core/http/parse-query';
import { readJson } from '@millrace/core/http/read-json';
import type { Request, Response, Route } from '@millrace/core/http/route-table';
import { Problem } from '@millrace/core/problem/problem';
import { validate as isUuid } from 'uuid';
import { z } from 'zod';
import { type CursorTypes, createCursor } from '../query/cursor.ts';
import { cursorParameter, listName } from '../query/cursor-parameter.ts';
import { filterShape } from './dead-letter-filter.ts';
import { findDeadLetter, listDeadLetters } from './list-dead-letters.ts';
import type { Redrive } from './redrive.ts';
import { findRedrive } from './redrives.ts';

const PATH = '/dead-letters';
/** Dead letters are listed by when they were written and, among equal times, by id. */
const CURSOR_TYPES: CursorTypes = {
  time: { name: 'datetime', digits: 3 },
  key: { name: 'char', size: 36, ascii: true },
};
const BODY_LIMIT = { limitBytes: 65_536 };
const MOST_ATTEMPTS = 5;

const yesOrNo = z.enum(['true', 'false'], { error: 'must be true or false' }).transform((text) => text === 'true');
const listQuery = z.object({ ...filterShape, redriven: yesOrNo.optional(), limit, order: order('desc') });
const redriveBody = z.strictObject({
  filter: z.strictObject(filterShape).default({}),
  dry_run: z.boolean({ error: 'must be true or false' }).default(false),
  max_attempts: z.int({ error: 'must be a whole number' }).min(1).max(1_000).default(MOST_ATTEMPTS),
});

/** Browsing dead letters, sending them back, and how far that has come. */
export function deadLetterRoutes(db: Database, redrive: Redrive): Route[] {
  return [
    { method: 'get', path: PATH, access: ADMIN, handler: withDatabaseProblems(list) },
    { method: 'get', path: `${PATH}/:id`, access: ADMIN, handler: withDatabaseProblems(find) },
    { method: 'post', path: `${PATH}/redrive`, access: ADMIN, handler: withDatabaseProblems(start) },
    { method: 'get', path: `${PATH}/redrives/:id`, access: ADMIN, handler: withDatabaseProblems(progress) },
  ];

  async function list(req: Request, res: Response): Promise<void> {
    const params = queryOf(req.url);
    const cursor = createCursor(listName('dead-letters', params), CURSOR_TYPES);
    const { cursor: after, ...query } = parseQuery(
      listQuery.extend({ cursor: cursorParameter(cursor).optional() }),
      params,
    );
    const { rows, next } = await listDeadLetters(db, { ...query, after });
    if (next) {
      params.set('cursor', cursor.write(next));
      res.set('link', `<${PATH}?${params}>; rel="next"`);
    }
    res.json(rows);
  }

  async function find({ params: { id = '' } }: Request, res: Response): Promise<void> {
    const found = isUuid(String(id)) ? await findDeadLetter(db, String(id)) : undefined;
    if (!found) throw new Problem('not-found', `There is no dead letter ${id}.`);
    res.json(found);
  }

  async function start(req: Request, res: Response): Promise<void> {
    const parsed = redriveBody.safeParse(await readJson(req, BODY_LIMIT));
    if (!parsed.success) {
      const errors = parsed.error.issues.map(({ path, message }) => ({ pointer: `/${path.join('/')}`, message }));
      throw new Problem('invalid-parameter', 'Invalid redrive.', { errors });
    }
    const { filter, max_attempts: maxAttempts, dry_run: dryRun } = parsed.data;
    const request = { filter, maxAttempts };
    if (dryRun) res.json({ dry_run: true, ...(await redrive.count(request)) });
    else {
      const started = await redrive.start(request);
      res.status(202).set('location', `${PATH}/redrives/${started.redrive_id}`).json(started);
    }
  }

  async function progress({ params: { id = '' } }: Request, res: Response): Promise<void> {
    if (!isUuid(String(id))) throw new Problem('not-found', `There is no redrive ${id}.`);
    const found = await findRedrive(db, String(id));
    if (!found) throw new Problem('not-found', `There is no redrive ${id}.`);
    res.json(found);
  }
}
