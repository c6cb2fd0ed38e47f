import type { Log } from '@millrace/core/log/create-log';
import type { Check } from '@millrace/core/service/health';
import type { StreamNumbering } from './number-stream.ts';

const LOG_MS = 5_000;

/**
 * Whether all that lay in the topics when we began to read them has its number, as a readiness check; and a line in the log
 * every five seconds until then. Counted in offsets.
 */
export function watchCatchUp(numberings: () => readonly StreamNumbering[], log: Log): { check: Check; close(): void } {
  const since = performance.now();
  let first: bigint | undefined;
  const timer = setInterval(() => {
    const { ok, detail } = verdict();
    if (!ok) log.info(detail);
  }, LOG_MS).unref();
  return { check: verdict, close: () => clearInterval(timer) };

  function verdict() {
    const all = numberings().map((each) => each.caughtUp());
    const done = all.reduce((sum, each) => sum + (each?.done ?? 0n), 0n);
    const target = all.reduce((sum, each) => sum + (each?.target ?? 0n), 0n);
    if (all.includes(undefined))
      return { ok: false, detail: 'catching up: waiting for Kafka to say how much there is' };
    first ??= done;
    if (done >= target) return { ok: true, detail: 'caught up' };
    const perSecond = (Number(done - first) * 1_000) / (performance.now() - since);
    const left = perSecond > 0 ? `, about ${Math.ceil(Number(target - done) / perSecond)} s left` : '';
    const share = Math.floor((Number(done) * 100) / Number(target));
    return { ok: false, detail: `catching up: ${done} of ${target} offsets (${share} %)${left}` };
  }
}
