import { randomFillSync } from 'node:crypto';

/** One request's place in a trace: 32 hex characters, and the W3C header value to pass on and to answer with. */
export type Trace = { readonly traceId: string; readonly traceparent: string };

const TRACE_BYTES = 16;
const SPAN_BYTES = 8;
const traceparentPattern = /^([0-9a-f]{2})-([0-9a-f]{32})-([0-9a-f]{16})-([0-9a-f]{2})(-.*)?$/;

/** Random bytes are drawn by the page: one system call per few hundred requests. */
const pool = Buffer.allocUnsafe(4096);
let used = pool.length;

function randomHex(bytes: number): string {
  if (used + bytes > pool.length) {
    randomFillSync(pool);
    used = 0;
  }
  used += bytes;
  return pool.toString('hex', used - bytes, used);
}

/** The all-zero id means "no id" in W3C Trace Context; the odds of drawing it are those of never. */
const isZero = (hex: string): boolean => /^0+$/.test(hex);

/** What a `traceparent` says: whose trace it is, and the span that it comes from. */
export type TraceContext = { readonly traceId: string; readonly parentId: string; readonly sampled: boolean };

/**
 * Undefined for what is no valid W3C `traceparent`. Later versions are read as far as version 00 goes, as the specification
 * asks (https://www.w3.org/TR/trace-context/).
 */
export function parseTraceparent(text: string): TraceContext | undefined {
  const [, version, traceId, parentId, flags, rest] = traceparentPattern.exec(text) ?? [];
  const isKnown = version !== undefined && version !== 'ff' && (version !== '00' || rest === undefined);
  if (!isKnown || !traceId || !parentId || !flags || isZero(traceId) || isZero(parentId)) return undefined;
  return { traceId, parentId, sampled: (Number.parseInt(flags, 16) & 1) === 1 };
}

/** The header value of a sampled trace that is known, with a span id of our own. */
export const traceparentOf = (traceId: string): string => `00-${traceId}-${randomHex(SPAN_BYTES)}-01`;

/** Continues a valid W3C `traceparent` with a span id of our own; an absent or invalid one starts a new, sampled trace. */
export function traceOf(header: string | readonly string[] | undefined): Trace {
  const context = typeof header === 'string' ? parseTraceparent(header) : undefined;
  const { traceId, sampled } = context ?? { traceId: randomHex(TRACE_BYTES), sampled: true };
  return { traceId, traceparent: `00-${traceId}-${randomHex(SPAN_BYTES)}-0${Number(sampled)}` };
}
