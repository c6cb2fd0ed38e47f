import { setTimeout as pause } from 'node:timers/promises';
import { z } from 'zod';
import { answerFault } from '../frame/answer-fault.ts';
import { type Exchange, refuse } from '../frame/exchange.ts';
import type { Faults } from '../frame/faults.ts';
import { ownSettings } from '../frame/own-settings.ts';
import { type Simulator, startSimulator } from '../frame/start-simulator.ts';
import type { Vocabulary } from './base-plan.ts';
import { listingsBombs } from './listings-bombs.ts';
import { listingsData } from './listings-data.ts';
import { sendFeed } from './send-feed.ts';
import { writeFeed } from './write-feed.ts';

export type ListingsOptions = {
  readonly port?: number;
  readonly host?: string;
  readonly seed?: number;
  /** The day around which plans lie; today, if left out. */
  readonly today?: string;
  /** Base plans of each of the two providers. */
  readonly plans?: number;
  /** Whether the first base plans have the faults of real feeds. */
  readonly dirt?: boolean;
  readonly growEveryMs?: number;
  readonly settings?: Partial<ListingsSettings>;
  readonly clock?: () => number;
};

/** What can be changed while the simulator runs, by `POST /control/settings`. */
const listingsSettings = z.strictObject({
  latency_ms: z.int().min(0),
  slow_ms: z.int().min(0),
  timeout_ms: z.int().min(0),
});
type ListingsSettings = z.output<typeof listingsSettings>;

const FEEDS: Readonly<Record<string, Vocabulary>> = { '/plans.xml': 'planList', '/events.xml': 'eventList' };
const XML_TYPE = 'text/xml';

/** Two providers of listings, one in each vocabulary, at `/plans.xml` and `/events.xml`. See docs/simulators.md. */
export function startListings(options: ListingsOptions = {}): Promise<Simulator> {
  const { seed = 1, plans = 40, dirt = true, clock = Date.now } = options;
  const today = Date.parse(`${(options.today ?? new Date(clock()).toISOString()).slice(0, 10)}T00:00:00Z`);
  const data = listingsData({ seed, today, plans, dirt, clock });
  const settings = ownSettings(listingsSettings, {
    latency_ms: 0,
    slow_ms: 2_000,
    timeout_ms: 15_000,
    ...options.settings,
  });
  let turn = 0;

  async function answer(exchange: Exchange, faults: Faults): Promise<void> {
    const { res, url, method } = exchange;
    const { latency_ms, slow_ms: slowMs, timeout_ms: timeoutMs } = settings.current();
    if (latency_ms > 0) await pause(latency_ms, undefined, { ref: false });
    const vocabulary = FEEDS[url.pathname];
    if (!vocabulary) return refuse(res, 404, `There is no ${url.pathname}: ${Object.keys(FEEDS).join(', ')}`);
    if (method !== 'GET' && method !== 'HEAD') return refuse(res, 405, 'Only GET is known.', { allow: 'GET' });
    const kind = faults.next();
    if (kind === undefined) return sendFeed(exchange, vocabulary, data, { seed, today });
    turn += 1;
    const bomb = listingsBombs[turn % listingsBombs.length] ?? (() => ({ type: XML_TYPE, body: Buffer.alloc(0) }));
    const text = () => [...writeFeed(vocabulary, data.rows(vocabulary))].join('');
    await answerFault(kind, {
      res,
      whole: () => ({ type: XML_TYPE, body: Buffer.from(text()) }),
      bomb,
      malformed: () => ({ type: XML_TYPE, body: Buffer.from(text().replace(/<plan |<event /, '<plan <')) }),
      turn,
      slowMs,
      timeoutMs,
    });
  }

  return startSimulator({
    name: 'simulator-listings',
    host: options.host ?? '127.0.0.1',
    port: options.port ?? 8092,
    data,
    settings,
    growEveryMs: options.growEveryMs ?? 0,
    answer,
  });
}
