import { clockIn } from './local-time.ts';

type Row = Readonly<Record<string, unknown>>;

/** `ended` once the last end of a listing has passed by its provider's clock; `withdrawn` while it was still to come, or where nothing says when it ends. */
export function staleReasonOf({ ends_at, time_zone }: Row, now: number): 'ended' | 'withdrawn' {
  if (typeof ends_at !== 'string') return 'withdrawn';
  const zone = typeof time_zone === 'string' ? time_zone : 'UTC';
  return ends_at <= clockIn(zone, now) ? 'ended' : 'withdrawn';
}
