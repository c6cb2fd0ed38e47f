import type { Log } from '@millrace/core/log/create-log';
import type { Check } from '@millrace/core/service/health';
import type { KeptHistories } from './keep-histories.ts';

const LOG_MS = 5_000;

/**
 * Whether all that lay in the topics when we began to read them has its number, as a readiness check; and a line in the log
 * every five seconds until then. Counted in offsets.
 */
export function watchCatchUp(
  kept: Pick<KeptHistories, 'numberings' | 'building'>,
  log: Log,
): { check: Check; close(): void } {
  let since = performance.now();
  let first: bigint | undefined;
  const timer = setInterval(() => {
    const { ok, detail } = verdict();
    if (!ok) log.info(detail);
  }, LOG_MS).unref();
  return { check: verdict, close: () => clearInterval(timer) };

  function verdict() {
    const epochs = kept.building().map(({ table: { stream, epoch } }) => `epoch ${epoch} of ${stream.name}`);
    const what = epochs.length > 0 ? `building ${epochs.join(', ')}` : 'catching up';
    const all = kept.numberings().map((each) => each.caughtUp());
    const done = all.reduce((sum, each) => sum + (each?.done ?? 0n), 0n);
    const target = all.reduce((sum, each) => sum + (each?.target ?? 0n), 0n);
    if (all.includes(undefined)) return { ok: false, detail: `${what}: waiting for Kafka to say how much there is` };
    if (first === undefined || done < first) [first, since] = [done, performance.now()];
    if (done >= target && epochs.length === 0) return { ok: true, detail: 'caught up' };
    const perSecond = (Number(done - first) * 1_000) / (performance.now() - since);
    const left = perSecond > 0 ? `, about ${Math.ceil(Number(target - done) / perSecond)} s left` : '';
    const share = target > 0n ? Math.floor((Number(done) * 100) / Number(target)) : 100;
    return { ok: false, detail: `${what}: ${done} of ${target} offsets (${share} %)${left}` };
  }
}
