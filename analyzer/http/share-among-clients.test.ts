import { ADMIN } from '@millrace/core/access/access';
import type { Authorize } from '@millrace/core/access/authenticate';
import { ANONYMOUS } from '@millrace/core/access/caller';
import type { Response, Route } from '@millrace/core/http/route-table';
import { expect, it } from 'vitest';
import { serveRoutes } from '../test/serve-routes.ts';
import { shareAmongClients } from './share-among-clients.ts';

/** The token's text is its client. */
const byClient: Authorize = ({ headers: { authorization } }) => {
  const clientId = authorization?.replace('Bearer ', '');
  return clientId === undefined ? ANONYMOUS : { subject: clientId, clientId, scopes: new Set(['admin']) };
};

/** Routes that answer when the test says so. */
async function serve(most: number) {
  const open: Response[] = [];
  const routes = ['/a', '/b'].map(
    (path): Route => ({ method: 'get', path, access: ADMIN, handler: (_req, res) => void open.push(res) }),
  );
  const url = await serveRoutes(shareAmongClients(most, routes), byClient);
  const get = (path: string, client?: string) =>
    fetch(url + path, { headers: client === undefined ? {} : { authorization: `Bearer ${client}` } });
  const held = (count: number) => expect.poll(() => open.length).toBe(count);
  return { open, get, held };
}

it('a client has its share of requests at once, over all routes, and others have theirs', async () => {
  const { open, get, held } = await serve(2);
  const first = [get('/a', 'phone'), get('/b', 'phone')];
  await held(2);

  const third = await get('/a', 'phone');
  const other = get('/a', 'watch');
  await held(3);
  for (const res of open) res.end();

  expect([third.status, third.headers.get('retry-after')]).toEqual([503, '1']);
  expect(await third.json()).toMatchObject({ code: 'saturated' });
  expect((await Promise.all([...first, other])).map(({ status }) => status)).toEqual([200, 200, 200]);
});

it('what has been answered, or left by its client, counts no more', async () => {
  const { open, get, held } = await serve(1);
  const left = new AbortController();
  const url = (await get('/none')).url.replace('/none', '/a');
  const leaving = fetch(url, { headers: { authorization: 'Bearer phone' }, signal: left.signal }).catch(() => 'left');
  await held(1);

  left.abort();
  await leaving;
  await expect.poll(() => open[0]?.closed).toBe(true);
  const next = get('/b', 'phone');
  await held(2);
  open[1]?.end();

  expect((await next).status).toBe(200);
});

it('without tokens nobody is told apart', async () => {
  const { open, get, held } = await serve(1);
  const all = [get('/a'), get('/a'), get('/b')];
  await held(3);

  for (const res of open) res.end();

  expect((await Promise.all(all)).map(({ status }) => status)).toEqual([200, 200, 200]);
});
