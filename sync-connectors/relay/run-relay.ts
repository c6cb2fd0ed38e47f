import { randomInt, randomUUID } from 'node:crypto';
import { setTimeout as sleep } from 'node:timers/promises';
import type { Log } from '@millrace/core/log/create-log';
import { faultOf, post } from './post.ts';
import type { RelayObject } from './read-relay-file.ts';
import { RelayFault } from './relay-fault.ts';
import type { RelayToken } from './relay-token.ts';

type RelayOptions = {
  readonly url: string;
  readonly objects: readonly RelayObject[];
  readonly intervalMs: number;
  readonly token: RelayToken;
  readonly log: Log;
  readonly signal: AbortSignal;
  /** The longest pause between two tries. */
  readonly longestPauseMs?: number;
};

const FIRST_PAUSE_MS = 500;
const LONGEST_PAUSE_MS = 30_000;

/**
 * Sends a random object at each interval until the signal. One that could not be sent is sent again until it is taken, with the same
 * idempotency key, and the log says for how long; one that is refused for what it holds is logged, with its place in the file.
 */
export async function runRelay(options: RelayOptions): Promise<void> {
  const { objects, intervalMs, log, signal } = options;
  let due = performance.now();
  while (!signal.aborted) {
    const object = objects[randomInt(objects.length)];
    if (object) await sendUntilTaken(object, options);
    due += intervalMs;
    const missed = Math.max(0, Math.floor((performance.now() - due) / intervalMs));
    if (missed > 0)
      log.warn({ intervals: missed }, 'intervals passed without a message, as the one before took so long');
    due += missed * intervalMs;
    await sleep(Math.max(0, due - performance.now()), undefined, { signal }).catch(() => undefined);
  }
}

async function sendUntilTaken(object: RelayObject, options: RelayOptions): Promise<void> {
  const { log, signal, longestPauseMs = LONGEST_PAUSE_MS } = options;
  const key = randomUUID();
  const began = performance.now();
  for (let tries = 1; !signal.aborted; tries += 1) {
    try {
      await send(object, key, options);
      if (tries > 1) log.info({ tries, seconds: Math.round((performance.now() - began) / 1_000) }, 'sent again');
      return;
    } catch (error) {
      if (signal.aborted) return;
      if (!(error instanceof RelayFault)) throw error;
      const pauseMs = Math.min(error.waitMs ?? FIRST_PAUSE_MS * 2 ** Math.min(tries - 1, 10), longestPauseMs);
      log.warn(
        { reason: error.message, tries, next_try_ms: Math.round(pauseMs), at: object.at },
        'not sent yet, trying again',
      );
      await sleep(pauseMs, undefined, { signal }).catch(() => undefined);
    }
  }
}

/** Resolves once the server has taken the object, or has refused it for what it holds. Rejects with a `RelayFault`. */
async function send(object: RelayObject, key: string, { url, token, log, signal }: RelayOptions): Promise<void> {
  for (let attempt = 1; ; attempt += 1) {
    const bearer = await token.get(signal);
    const headers = { 'content-type': 'application/json', authorization: `Bearer ${bearer}`, 'idempotency-key': key };
    const response = await post(url, { body: object.body, headers }, signal);
    const { status } = response;
    if (status < 400) return;
    if (status === 401 && attempt === 1) {
      token.drop(bearer);
      continue;
    }
    if ([401, 403, 404, 405, 408, 429].includes(status) || status >= 500) throw faultOf(response, url);
    log.error(
      { status, at: object.at, answer: response.body.slice(0, 500) },
      'refused for what it holds; it is not sent again',
    );
    return;
  }
}
