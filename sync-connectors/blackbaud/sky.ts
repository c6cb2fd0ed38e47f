import { setTimeout as sleep } from 'node:timers/promises';
import { jsonOf } from '../frame/call/json-of.ts';
import type { Call } from '../frame/connector.ts';
import { VendorFault } from '../frame/vendor-fault.ts';
import { readLimited } from './read-limited.ts';
import { refusalOf } from './refusal.ts';
import type { BlackbaudSettings } from './settings.ts';
import type { Tokens } from './token/tokens.ts';

export type Sky = {
  /** The JSON at a path or a `next_link`; undefined for 404. Rejects with a `VendorFault`. */
  get(path: string, parameters?: Readonly<Record<string, string>>): Promise<unknown>;
};

type SkyOptions = {
  readonly settings: Pick<
    BlackbaudSettings,
    'BLACKBAUD_API_URL' | 'BLACKBAUD_SUBSCRIPTION_KEY' | 'BLACKBAUD_DATABASE' | 'BLACKBAUD_PAGE_MINUTES'
  >;
  readonly tokens: Tokens;
  readonly call: Call;
  readonly signal: AbortSignal;
};

/** Of one page, whose answer came broken or which the vendor asked to wait for. */
const ATTEMPTS = 8;
const FIRST_PAUSE_MS = 100;
const LONGEST_PAUSE_MS = 5_000;
const MINUTE_MS = 60_000;

/** Reads the SKY API: with a token and the subscription key, and with what is to be done when either is refused. */
export function openSky({ settings, tokens, call, signal }: SkyOptions): Sky {
  const { BLACKBAUD_API_URL: base, BLACKBAUD_PAGE_MINUTES: minutes } = settings;
  /** Tokens that worked: one of these that is refused later has expired or was revoked, and may be renewed again. */
  const worked = new Set<string>();

  return {
    async get(path, parameters = {}) {
      const url = urlAt(path);
      for (const [name, value] of Object.entries(parameters)) url.searchParams.set(name, value);
      const where = `GET ${url.origin}${url.pathname}`;
      for (let attempt = 1; ; attempt += 1) {
        const response = await authorized(url, where);
        if (response.status === 404) {
          await response.body?.cancel();
          return undefined;
        }
        const body = await readLimited(response, minutes * MINUTE_MS);
        signal.throwIfAborted();
        if ('fault' in body && body.fault === 'late')
          throw new VendorFault('unavailable', `${where} was not whole after ${minutes} min (BLACKBAUD_PAGE_MINUTES)`);
        const text = 'text' in body ? body.text : undefined;
        const json = response.ok && text !== undefined ? jsonOf(text) : undefined;
        if (json !== undefined) return json;
        const refusal = response.ok
          ? { waitMs: Math.min(FIRST_PAUSE_MS * 2 ** (attempt - 1), LONGEST_PAUSE_MS) }
          : refusalOf(response.status, response.headers.get('retry-after'), text ?? '', where);
        if ('fault' in refusal) throw refusal.fault;
        if (attempt === ATTEMPTS)
          throw new VendorFault('unavailable', `${where} gave no whole JSON in ${ATTEMPTS} tries`);
        await sleep(refusal.waitMs, undefined, { signal });
      }
    },
  };

  /** A `next_link` counts by its path alone: no token goes to another host than that of the settings. */
  function urlAt(path: string): URL {
    if (path.startsWith('/')) return new URL(base + path);
    const link = new URL(path, base);
    return new URL(`${new URL(base).origin}${link.pathname}${link.search}`);
  }

  async function authorized(url: URL, where: string): Promise<Response> {
    const token = await tokens.access();
    const response = await send(url, token);
    if (response.status !== 401) return response;
    await response.body?.cancel();
    const renewed = await tokens.renew(token);
    const second = await send(url, renewed);
    if (second.status !== 401) return second;
    await second.body?.cancel();
    if (worked.has(renewed)) return authorized(url, where);
    throw new VendorFault(
      'config',
      `config_error: 401 for ${where}, also with a new token: either the login is not accepted (make blackbaud-login) or the ` +
        'subscription key is wrong (BLACKBAUD_SUBSCRIPTION_KEY)',
    );
  }

  async function send(url: URL, token: string): Promise<Response> {
    const database = settings.BLACKBAUD_DATABASE;
    const response = await call(url.href, {
      headers: {
        accept: 'application/json',
        authorization: `Bearer ${token}`,
        'bb-api-subscription-key': settings.BLACKBAUD_SUBSCRIPTION_KEY,
        ...(database !== '' && { REDatabaseToUse: database }),
      },
      redirect: 'error',
      signal,
    });
    if (response.ok) worked.add(token);
    return response;
  }
}
