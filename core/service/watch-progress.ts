import type { Check } from './health.ts';

type ProgressOptions = {
  /** How many records are waiting, now. */
  readonly lag: () => number | bigint | Promise<number | bigint>;
  /** Anything that changes whenever a record is done, such as the sum of nextOffsets. */
  readonly position: () => string | number | bigint | Promise<string | number | bigint>;
  readonly stuckAfterMs: number;
  readonly now?: () => number;
};

/**
 * A readiness check for a consumer: not ready once records have waited for `stuckAfterMs` while the position stood
 * still. It needs no timer: lag and progress are both looked at when the check is called.
 */
export function watchProgress({ lag, position, stuckAfterMs, now = () => performance.now() }: ProgressOptions): Check {
  let waiting: { readonly position: string | number | bigint; readonly since: number } | undefined;

  return async () => {
    const [records, at] = await Promise.all([lag(), position()]);
    if (records <= 0) waiting = undefined;
    else if (waiting?.position !== at) waiting = { position: at, since: now() };
    const stillMs = waiting ? now() - waiting.since : 0;
    return stillMs >= stuckAfterMs && waiting
      ? { ok: false, detail: `stuck: lag ${records}, no record done for ${Math.round(stillMs / 1000)} s` }
      : { ok: true, detail: `lag ${records}` };
  };
}
