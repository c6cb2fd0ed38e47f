import type { Route } from '@millrace/core/http/route-table';
import { Problem } from '@millrace/core/problem/problem';

const RETRY_AFTER = { headers: { 'retry-after': '1' } };

/**
 * The same routes, of which a client that is known by its token may have only so many requests answered at once, so that there is room
 * for others. Past them a request is refused with `saturated`. Without tokens, on this machine alone, nobody is told apart.
 */
export function shareAmongClients(most: number, routes: readonly Route[]): Route[] {
  const held = new Map<string, number>();

  return routes.map((route) => ({
    ...route,
    async handler(req, res, next) {
      const { clientId } = res.locals.caller;
      if (clientId !== undefined) {
        take(clientId);
        res.once('close', () => giveBack(clientId));
      }
      await route.handler(req, res, next);
    },
  }));

  function take(client: string): void {
    const count = held.get(client) ?? 0;
    if (count >= most)
      throw new Problem('saturated', `One client may have ${most} of these requests answered at once.`, RETRY_AFTER);
    held.set(client, count + 1);
  }

  function giveBack(client: string): void {
    const left = (held.get(client) ?? 0) - 1;
    if (left > 0) held.set(client, left);
    else held.delete(client);
  }
}
