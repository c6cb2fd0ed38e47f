import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { rootDir } from '@millrace/core/config/root-dir';
import { serviceNames } from '@millrace/core/services/services';
import { freePort } from '@millrace/stack/parts/free-port';
import { tokenOf } from '@millrace/testing/token-of';
import { waitUntil } from '@millrace/testing/wait-until';
import type { World } from '@millrace/testing/world';
import { shippedSchema } from '@millrace/testing/write-schema';
import { z } from 'zod';
import { openGround, type Platform, startPlatform } from './start-platform.ts';

export const ADA = '6f1e2f0c-6f6a-4e0e-9a53-0d1a3c2b4d5e';
export const BEN = '0b7b1c1e-3c55-4a2b-8a3e-5f2d7e6c9a10';
const SECRET = 'a-secret-of-the-attacks';

const clients = [
  { client_id: 'phone', scopes: 'ingest' },
  { client_id: 'reader', scopes: 'read' },
  { client_id: 'ada', scopes: 'read:own', subject: ADA },
  { client_id: 'ben', scopes: 'read:own', subject: BEN },
  { client_id: 'operator', scopes: 'admin' },
  { client_id: 'worker', scopes: 'ingest read sync rules' },
].map((client) => ({ ...client, client_secret: SECRET }));

/** A documented operation, with ADA for every parameter of its path. */
export type Operation = {
  readonly name: string;
  readonly method: string;
  readonly url: string;
  readonly isAdmin: boolean;
};

export type ClientName = 'phone' | 'reader' | 'ada' | 'ben' | 'operator' | 'worker';

const methods = z.record(z.string(), z.looseObject({ security: z.array(z.record(z.string(), z.array(z.string()))) }));
const documentOf = z.object({ paths: z.record(z.string(), methods) });

export type Reply = {
  readonly status: number;
  readonly headers: Headers;
  readonly text: string;
  readonly location: string;
};

export type Attacked = {
  readonly ground: World;
  readonly platform: Platform;
  /** Asks as a client, or without a token. */
  ask(url: string, client?: ClientName, init?: RequestInit): Promise<Reply>;
  /** Posts JSON to a stream. */
  post(file: 'running' | 'journeys', body: unknown, client?: ClientName, headers?: object): Promise<Reply>;
  tokenOf(client: ClientName): string;
  /** Every operation that every service documents. */
  operations(): Promise<readonly Operation[]>;
  /** What each person has been given to own: event ids by person, runs and journeys. */
  readonly ids: { readonly ada: readonly string[]; readonly ben: readonly string[] };
  close(): Promise<void>;
};

const run = (user_id: string, n: number) => ({
  ...{ user_id, distance: 1_000 + n, duration: 60 + n },
  timestamp: `2026-03-14T07:30:0${n}.000Z`,
});

const journey = (traveller_id: string, leg_id: string) => ({
  ...{ traveller_id, mode: 'ride', distance: 5, fare: '1.50', day: '2026-03-14', leaves_at: '07:00:00' },
  ...{ measured_at: '2026-03-14T07:30:00Z', arrived_at: '2026-03-14T08:30:00Z', checksum: 'AAAAAA==' },
  from: { name: 'home' },
  legs: [{ leg_id, leg_mode: 'walk', leg_distance: 1 }],
});

/** The whole platform, tokens required, with three runs and a journey of each of two people, who may read their own alone. */
export async function openAttacked(): Promise<Attacked> {
  const { stream, ...schema } = await shippedSchema('fitness/running');
  const journeys: object = JSON.parse(await readFile(join(rootDir, 'core/test/journeys.avsc'), 'utf8'));
  const ground = await openGround({
    running: { ...schema, stream: { ...stream, path: undefined, count_as: undefined } },
    journeys: { ...journeys, stream: { key: 'traveller_id', time: 'arrived_at', dimensions: ['mode'] } },
  });
  const env = { AUTH: 'required', AUTH_PORT: String(await freePort()), AUTH_CLIENTS: JSON.stringify({ clients }) };
  const platform = await startPlatform(ground, { ...env, LOG_LEVEL: 'debug' });
  const got = clients.map(async ({ client_id: id }) => [id, await tokenOf(platform.auth, id, SECRET)] as const);
  const tokens = new Map(await Promise.all(got));
  const token = (client: ClientName) => tokens.get(client) ?? '';

  const ask: Attacked['ask'] = async (url, client, init = {}) => {
    const headers = new Headers(init.headers);
    if (client !== undefined) headers.set('authorization', `Bearer ${token(client)}`);
    const response = await fetch(url, { ...init, headers, redirect: 'manual' });
    const location = response.headers.get('location') ?? '';
    return { status: response.status, headers: response.headers, text: await response.text(), location };
  };
  const post: Attacked['post'] = (file, body, client, headers = {}) =>
    ask(platform.receiver + ground.stream(file).path, client, {
      method: 'POST',
      body: typeof body === 'string' ? body : JSON.stringify(body),
      headers: { 'content-type': 'application/json', ...headers },
    });

  const given = async (person: string) => {
    const bodies = [1, 2, 3].map((n) => post('running', run(person, n), 'phone'));
    const all = [...(await Promise.all(bodies)), await post('journeys', journey(person, `leg-${person}`), 'phone')];
    return all.map(({ status, text }): string => {
      if (status !== 201) throw new Error(`the receiver answered ${status}: ${text}`);
      return JSON.parse(text).event_id;
    });
  };
  const ids = { ada: await given(ADA), ben: await given(BEN) };
  const { name } = ground.stream('running');
  const isThere = (url: string, count: number) =>
    waitUntil(
      async () => JSON.parse((await ask(url, 'reader')).text),
      (page) => Array.isArray(page) && page.length === count,
    );
  await isThere(platform.storage + ground.stream('running').path, 6);
  await isThere(platform.storage + ground.stream('journeys').path, 2);
  await isThere(`${platform.analyzer}/${name}?from_index=0`, 6);
  await isThere(`${platform.analyzer}/${ground.stream('journeys').name}?from_index=0`, 2);

  return {
    ...{ ground, platform, ask, post, ids },
    tokenOf: token,
    operations,
    async close() {
      await platform.close();
      await ground.close();
    },
  };

  async function operations() {
    const found = await Promise.all(
      serviceNames.map(async (service) => {
        const { paths } = documentOf.parse(JSON.parse((await ask(`${platform[service]}/openapi.json`)).text));
        return Object.entries(paths).flatMap(([path, byMethod]) =>
          Object.entries(byMethod).map(([method, { security }]) => ({
            name: `${method} ${service}${path}`,
            method: method.toUpperCase(),
            url: platform[service] + path.replaceAll(/\{\w+\}/g, ADA),
            isAdmin: security.some(({ oauth2 }) => oauth2?.includes('admin') === true),
          })),
        );
      }),
    );
    return found.flat();
  }
}
