import { type Database, openDatabase } from '@millrace/core/database/open-database';
import { ask } from '@millrace/testing/ask';
import type { RunningService } from '@millrace/testing/start-service';
import { createTestDatabase } from '@millrace/testing/test-names';
import { type Addresses, openWorld, type World } from '@millrace/testing/world';
import { z } from 'zod';
import { startListings } from '../simulators/listings/start-listings.ts';
import { newest } from './test-bed.ts';

type Env = Readonly<Record<string, string>>;

/** What the simulator calls the plans of each provider. */
const entities = { centro: 'planList', norte: 'eventList' } as const;
export type ProviderName = keyof typeof entities;

/** What a stream says of listings, by their ids. */
type InStream = { readonly titles: Map<string, string>; readonly stale: Map<string, string> };

export type ListingsBed = World & {
  readonly db: Database;
  /** The addresses of the feeds. */
  readonly feeds: Readonly<Record<ProviderName, string>>;
  /** Starts the service with both providers. @param program of this folder; the service's own, if left out */
  startSync(env?: Env, program?: string): Promise<RunningService>;
  /** Steers a provider's simulator. */
  control(provider: ProviderName, path: string, body?: object): Promise<unknown>;
  /** The ids of the base plans that a provider has. */
  idsOf(provider: ProviderName): Promise<string[]>;
  /** The titles of what the providers have, by the listings' ids. */
  inFeeds(): Promise<Map<string, string>>;
  /** The titles of what the stream says is there, and why other listings are stale. */
  inStream(): Promise<InStream>;
  close(): Promise<void>;
};

/** A world with a database and two simulated providers of its own. @param plans how many base plans each has */
export async function openListingsBed(
  at: Addresses & { readonly databaseUrl: string },
  plans: Readonly<Record<ProviderName, number>>,
): Promise<ListingsBed> {
  const database = await createTestDatabase(at.databaseUrl);
  const world = await openWorld({ ...at, databaseUrl: database.url }, { schemas: 'shipped' });
  const simulated = (name: ProviderName) =>
    startListings({ port: 0, plans: plans[name], dirt: false, settings: { slow_ms: 100, timeout_ms: 1_500 } });
  const simulators = { centro: await simulated('centro'), norte: await simulated('norte') };
  const feeds = { centro: `${simulators.centro.url}/plans.xml`, norte: `${simulators.norte.url}/events.xml` };
  const db = openDatabase(database.url);
  // The stream has its own name, under which another test may have left records.
  const left = new Set((await world.read(STREAM)).map(placeOf));
  const own = { read: async (file: string) => (await world.read(file)).filter((each) => !left.has(placeOf(each))) };

  return {
    ...{ ...world, db, feeds },
    startSync: (env = {}, program) =>
      world.start('sync-connectors', {
        ...(program !== undefined && { program: `test/${program}` }),
        env: {
          LISTING_PROVIDERS: `centro=${feeds.centro},norte=${feeds.norte}`,
          SYNC_SCHEDULE: 'listings=off',
          ...env,
        },
      }),
    async control(provider, path, body = {}) {
      const { status, body: answer } = await ask(`${simulators[provider].url}/control/${path}`, 'POST', body);
      if (status !== 200) throw new Error(`${path}: ${status} ${JSON.stringify(answer)}`);
      return answer;
    },
    async idsOf(provider) {
      const { body } = await ask(`${simulators[provider].url}/control/ids?entity=${entities[provider]}`);
      return z.array(z.string()).parse(body);
    },
    async inFeeds() {
      const titles = new Map<string, string>();
      for (const [name, url] of Object.entries(feeds))
        for (const [, id, title] of (await (await fetch(url)).text()).matchAll(BASE_PLAN))
          titles.set(`${name}:${id}`, title?.replace('&amp;', '&') ?? '');
      return titles;
    },
    async inStream() {
      const rows = [...(await newest(own, STREAM, 'listing_id'))];
      const of = (isStale: boolean, field: string) =>
        new Map(
          rows
            .filter(([, { stale_since }]) => (stale_since !== null) === isStale)
            .map(([id, row]) => [id, String(row[field])]),
        );
      return { titles: of(false, 'title'), stale: of(true, 'stale_reason') };
    },
    async close() {
      await world.close();
      for (const simulator of Object.values(simulators)) await simulator.close();
      await db.close();
      await database.close();
    },
  };
}

const STREAM = 'listings/listings';
const placeOf = ({ partition, offset }: { readonly partition: number; readonly offset: bigint }) =>
  `${partition}/${offset}`;

const BASE_PLAN = /<base_(?:plan|event) base_(?:plan|event)_id="(\d+)".*? title="([^"]*)"/g;
