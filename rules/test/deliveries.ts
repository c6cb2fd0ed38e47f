import { ask } from '@millrace/testing/ask';
import type { Call, Endpoint } from '@millrace/testing/endpoint';
import { waitUntil } from '@millrace/testing/wait-until';
import { z } from 'zod';

/** Settings that let a test see in seconds what takes hours. */
export const FAST = {
  DELIVERIES_RETRY_FIRST_MS: '100',
  DELIVERIES_RETRY_LONGEST_MS: '400',
  DELIVERIES_RETRY_FOR_MS: '60000',
  DELIVERIES_TIMEOUT_MS: '1000',
  DELIVERIES_LEASE_MS: '3000',
};

const made = z.object({ delivery_id: z.string(), secret: z.string().optional() });
export type Made = z.output<typeof made>;

/** Fails with the answer where none was made. */
export async function makeDelivery(url: string, definition: object): Promise<Made> {
  const { status, body } = await ask(`${url}/v1/deliveries`, 'POST', definition);
  if (status !== 201) throw new Error(`${status}: ${JSON.stringify(body)}`);
  return made.parse(body);
}

const shown = z.looseObject({
  state: z.string(),
  state_since: z.string().nullable(),
  state_reason: z.string().nullable(),
  last_error: z.string().nullable(),
  waiting: z.number().nullable(),
  retrying: z.number(),
  failed: z.number(),
});
export type Shown = z.output<typeof shown>;

export async function deliveryOf(url: string, id: string): Promise<Shown> {
  return shown.parse((await ask(`${url}/v1/deliveries/${id}`)).body);
}

export const untilShown = (url: string, id: string, satisfies: (delivery: Shown) => boolean, withinMs = 30_000) =>
  waitUntil(() => deliveryOf(url, id), satisfies, { withinMs, everyMs: 100 });

export const untilCalls = (endpoint: Endpoint, satisfies: (calls: readonly Call[]) => boolean, withinMs = 30_000) =>
  waitUntil(async () => endpoint.calls, satisfies, { withinMs });

export const untilAccepted = (endpoint: Endpoint, count: number, withinMs = 30_000) =>
  waitUntil(
    async () => endpoint.accepted(),
    (calls) => calls.length >= count,
    { withinMs },
  );

/** The distances of the runs that were accepted, by user, in the order of their first coming. */
export function distancesByUser(calls: readonly Call[]): Readonly<Record<string, number[]>> {
  const byUser: Record<string, number[]> = {};
  for (const { event } of calls) {
    const user = String(event.user_id);
    byUser[user] = [...(byUser[user] ?? []), Number(event.distance)];
  }
  return byUser;
}
