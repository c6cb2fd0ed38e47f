import type { ServerResponse } from 'node:http';
import { setTimeout as pause } from 'node:timers/promises';
import { refuse } from './exchange.ts';
import type { FaultKind } from './faults.ts';

/** A whole answer, as it would have been sent. */
export type WholeAnswer = { readonly type: string; readonly body: Buffer };

type FaultParts = {
  readonly res: ServerResponse;
  /** The answer that the fault spoils. */
  readonly whole: () => WholeAnswer;
  readonly bomb: () => WholeAnswer & { readonly encoding?: string };
  readonly malformed: () => WholeAnswer;
  /** Alternates between the two forms in which the vendor says that a quota is used up. */
  readonly turn: number;
  readonly slowMs: number;
  /** After this, a call that is never answered is cut. */
  readonly timeoutMs: number;
};

const SLOW_PIECES = 20;

/** Fails a call in the given way. Resolves once nothing more will be sent. */
export async function answerFault(kind: FaultKind, parts: FaultParts): Promise<void> {
  const { res } = parts;
  if (kind === '401') return refuse(res, 401, 'Unauthorized. The access token is invalid or has expired.');
  if (kind === '403') return refuseQuota(res, parts.turn % 2 === 0);
  if (kind === '429')
    return refuse(res, 429, 'Rate limit is exceeded. Try again in 1 seconds.', { 'retry-after': '1' });
  if (kind === '500') return refuse(res, 500, 'Internal server error');
  if (kind === 'reset') return cut(res);
  if (kind === 'timeout') return cutAfter(res, parts.timeoutMs);
  if (kind === 'malformed') return send(res, parts.malformed());
  if (kind === 'bomb') return send(res, parts.bomb());
  const whole = parts.whole();
  return kind === 'truncated' ? sendHalf(res, whole) : sendSlowly(res, whole, parts.slowMs);
}

/** 403 that means "used up": by the header, or only by its words. */
export function refuseQuota(res: ServerResponse, withHeader: boolean, inSeconds = 1): void {
  const [hours, minutes, seconds] = [Math.floor(inSeconds / 3_600), Math.floor(inSeconds / 60) % 60, inSeconds % 60];
  const time = [hours, minutes, seconds].map((part) => String(part).padStart(2, '0')).join(':');
  const message = `Out of call volume quota. Quota will be replenished in ${time}.`;
  refuse(res, 403, message, withHeader ? { 'retry-after': String(inSeconds) } : {});
}

/** Ends the connection with a reset, as a crashed proxy does. */
function cut(res: ServerResponse): void {
  const { socket } = res;
  if (socket && 'resetAndDestroy' in socket) socket.resetAndDestroy();
  else res.destroy();
}

async function cutAfter(res: ServerResponse, ms: number): Promise<void> {
  const gone = new AbortController();
  res.once('close', () => gone.abort());
  await pause(ms, undefined, { signal: gone.signal, ref: false }).catch(() => undefined);
  if (!res.destroyed) cut(res);
}

function send(res: ServerResponse, { type, body, encoding }: WholeAnswer & { readonly encoding?: string }): void {
  if (encoding !== undefined) res.setHeader('content-encoding', encoding);
  res.writeHead(200, { 'content-type': type, 'content-length': body.length });
  res.end(body);
}

function sendHalf(res: ServerResponse, { type, body }: WholeAnswer): void {
  res.writeHead(200, { 'content-type': type, 'content-length': body.length });
  res.write(body.subarray(0, Math.floor(body.length / 2)), () => res.destroy());
}

async function sendSlowly(res: ServerResponse, { type, body }: WholeAnswer, ms: number): Promise<void> {
  res.writeHead(200, { 'content-type': type, 'content-length': body.length });
  const size = Math.max(1, Math.ceil(body.length / SLOW_PIECES));
  for (let at = 0; at < body.length && !res.destroyed; at += size) {
    res.write(body.subarray(at, at + size));
    await pause(ms / SLOW_PIECES, undefined, { ref: false });
  }
  res.end();
}
