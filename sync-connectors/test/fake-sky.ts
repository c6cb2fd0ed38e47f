import { silentLog } from '@millrace/testing/serve-for-test';
import { createBlackbaud } from '../blackbaud/blackbaud.ts';
import { blackbaudSettings } from '../blackbaud/settings.ts';
import type { Tokens } from '../blackbaud/token/tokens.ts';
import type { Call, Json, ReadItem, Scope } from '../frame/connector.ts';

type Handler = (url: URL, init: RequestInit | undefined) => unknown;

export const API = 'https://sky.example';

/** JSON with status 200, unless a handler answers a `Response` itself. */
const answered = (given: unknown): Response => (given instanceof Response ? given : Response.json(given));

/** A Blackbaud connector whose vendor is a function; tokens are `access-1`, `access-2` and so on. */
export function fakeSky(handler: Handler, env: Readonly<Record<string, string>> = {}) {
  const calls: string[] = [];
  let generation = 1;
  const tokens: Tokens = {
    access: async () => `access-${generation}`,
    renew: async (refused) => {
      if (refused === `access-${generation}`) generation += 1;
      return `access-${generation}`;
    },
    lastDay: async () => '2027-03-14',
    loginNumber: () => 0,
  };
  const settings = blackbaudSettings.parse({
    ...{ BLACKBAUD_API_URL: API, BLACKBAUD_CLIENT_ID: 'client', BLACKBAUD_SUBSCRIPTION_KEY: 'key-canary' },
    ...env,
  });
  const connector = createBlackbaud(settings, tokens);
  const call: Call = async (url, init) => {
    calls.push(`${new URL(url).pathname}${new URL(url).search}`);
    return answered(handler(new URL(url), init));
  };

  return {
    connector,
    call,
    calls,
    async read(name: string, scope: Scope = { kind: 'all' }, cursor?: Json): Promise<ReadItem[]> {
      const entity = connector.entities.find((each) => each.name === name);
      if (!entity) throw new Error(`no entity ${name}`);
      const signal = new AbortController().signal;
      const items: ReadItem[] = [];
      for await (const item of connector.read({ entity, scope, cursor, call, log: silentLog, signal }))
        items.push(item);
      return items;
    },
  };
}

export const recordsIn = (items: readonly ReadItem[]) =>
  items.flatMap((item) => (item.kind === 'record' ? [item] : []));
export const endsIn = (items: readonly ReadItem[]) =>
  items.filter(({ kind }) => ['complete', 'incomplete', 'checkpoint'].includes(kind));
