import { setTimeout as pause } from 'node:timers/promises';
import { gzipSync } from 'node:zlib';
import { answerFault, refuseQuota } from '../frame/answer-fault.ts';
import { type Exchange, refuse, sendJson } from '../frame/exchange.ts';
import type { Faults } from '../frame/faults.ts';
import { ownSettings } from '../frame/own-settings.ts';
import { type Simulator, startSimulator } from '../frame/start-simulator.ts';
import { answerQuery } from './adhoc-queries.ts';
import { type Answer, answerApi } from './api-routes.ts';
import { blackbaudData } from './blackbaud-data.ts';
import { type BlackbaudSettings, blackbaudSettings, initialSettings } from './blackbaud-settings.ts';
import { callBudget } from './call-budget.ts';
import { authorize, token } from './oauth-routes.ts';
import { createTokens } from './tokens.ts';

export type BlackbaudOptions = {
  readonly port?: number;
  readonly host?: string;
  readonly seed?: number;
  /** The day around which events lie; today, if left out. */
  readonly today?: string;
  readonly customers?: number;
  readonly growEveryMs?: number;
  readonly settings?: Partial<BlackbaudSettings>;
  readonly clock?: () => number;
};

const JSON_TYPE = 'application/json; charset=utf-8';
const BOMB_BYTES = 64_000_000;

let packed: Buffer | undefined;

/** 64 MB of blanks within JSON, in 64 kB: packed once, as that takes a while. */
function jsonBomb() {
  packed ??= gzipSync(
    Buffer.concat([Buffer.from('{"count":1,"value":['), Buffer.alloc(BOMB_BYTES, ' '), Buffer.from(']}')]),
  );
  return { type: JSON_TYPE, encoding: 'gzip', body: packed };
}

/** Blackbaud SKY as its documents describe it, with its control API. See docs/simulators.md. */
export function startBlackbaud(options: BlackbaudOptions = {}): Promise<Simulator> {
  const { seed = 1, customers = 120, clock = Date.now } = options;
  const today = Date.parse(`${(options.today ?? new Date(clock()).toISOString()).slice(0, 10)}T00:00:00Z`);
  const counts = {
    customers,
    'ticketed-events': Math.max(1, Math.round(customers / 10)),
    wristbands: Math.round(customers * 2.5),
    'parking-passes': Math.round(customers / 2),
  };
  const data = blackbaudData({ seed, today, counts, clock });
  const settings = ownSettings(blackbaudSettings, { ...initialSettings, ...options.settings });
  const tokens = createTokens({ key: `simulator-${seed}`, clock });
  const budget = callBudget(clock);
  let turn = 0;

  async function spoil(exchange: Exchange, faults: Faults, whole: () => Answer | undefined): Promise<boolean> {
    const access = accessTokenOf(exchange);
    // A new token is not refused by chance, as one that the vendor has just issued holds.
    const isToken = exchange.url.pathname === '/token';
    const kind = faults.next(isToken || !tokens.isUsed(access) ? ['401'] : []);
    if (kind === undefined) return false;
    turn += 1;
    if (kind === '401') tokens.expire(access);
    const { slow_ms: slowMs, timeout_ms: timeoutMs } = settings.current();
    await answerFault(isToken && ['truncated', 'slow', 'malformed', 'bomb', '403'].includes(kind) ? 'reset' : kind, {
      res: exchange.res,
      whole: () => ({ type: JSON_TYPE, body: Buffer.from(JSON.stringify(whole()?.body ?? {})) }),
      bomb: jsonBomb,
      malformed: () => ({ type: JSON_TYPE, body: Buffer.from('{"count": 3, "value": [{"id": "1001", <html>') }),
      turn,
      slowMs,
      timeoutMs,
    });
    return true;
  }

  async function answer(exchange: Exchange, faults: Faults): Promise<void> {
    const now = settings.current();
    const { res, url } = exchange;
    if (now.latency_ms > 0) await pause(now.latency_ms, undefined, { ref: false });
    if (url.pathname === '/oauth/authorize') return authorize(exchange, now, tokens);
    const respond = () => answerQuery(url, { data, settings: now }) ?? answerApi(url, { data, settings: now });
    if (await spoil(exchange, faults, respond)) return;
    if (url.pathname === '/token') return token(exchange, now, tokens);
    const key = exchange.headers['bb-api-subscription-key'];
    if (typeof key !== 'string' || !now.subscription_keys.includes(key))
      return refuse(res, 401, `Access denied due to ${key === undefined ? 'missing' : 'invalid'} subscription key.`);
    const over = budget.take(now);
    if (over?.limit === 'second')
      return refuse(res, 429, 'Rate limit is exceeded. Try again in 1 seconds.', { 'retry-after': '1' });
    if (over) return refuseQuota(res, true, over.inSeconds);
    if (!tokens.accepts(accessTokenOf(exchange)))
      return refuse(res, 401, 'Unauthorized. The access token is invalid or has expired.');
    if (exchange.method !== 'GET') return refuse(res, 405, 'Only GET is known.', { allow: 'GET' });
    const answered = respond();
    if (answered) sendJson(res, answered.status, answered.body);
    else refuse(res, 404, 'Resource not found');
  }

  return startSimulator({
    name: 'simulator-blackbaud',
    host: options.host ?? '127.0.0.1',
    port: options.port ?? 8091,
    data,
    settings,
    actions: { revoke: () => tokens.revokeAll() },
    growEveryMs: options.growEveryMs ?? 0,
    answer,
  });
}

const accessTokenOf = ({ headers }: Exchange) => (headers.authorization ?? '').replace(/^bearer /i, '');
