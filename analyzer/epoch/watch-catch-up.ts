import type { Log } from '@millrace/core/log/create-log';
import type { Check } from '@millrace/core/service/health';
import type { KeptHistories } from './keep-histories.ts';

const LOG_MS = 5_000;
/** The time left is published by what was done within this time. */
const RATE_MS = 20_000;

type Sample = { readonly at: number; readonly done: bigint };

/**
 * Whether all that was to be read when reading began has its number, as a readiness check; and a line in the log every five
 * seconds until then. Counted in offsets.
 */
export function watchCatchUp(
  kept: Pick<KeptHistories, 'numberings' | 'building'>,
  log: Log,
  now: () => number = () => performance.now(),
): { check: Check; close(): void } {
  let samples: Sample[] = [];
  const timer = setInterval(() => {
    const { ok, detail } = verdict();
    if (!ok) log.info(detail);
  }, LOG_MS).unref();
  return { check: verdict, close: () => clearInterval(timer) };

  function verdict() {
    const epochs = kept.building().map(({ table: { stream, epoch } }) => `epoch ${epoch} of ${stream.name}`);
    const what = epochs.length > 0 ? `building ${epochs.join(', ')}` : 'catching up';
    const all = kept.numberings().map((each) => ({ name: each.stream.name, ...each.caughtUp() }));
    const unknown = all.filter(({ target }) => target === undefined).map(({ name }) => name);
    if (unknown.length > 0)
      return { ok: false, detail: `${what}: waiting for Kafka to say how much there is of ${unknown.join(', ')}` };
    const done = all.reduce((sum, each) => sum + (each.done ?? 0n), 0n);
    const target = all.reduce((sum, each) => sum + (each.target ?? 0n), 0n);
    if (done >= target && epochs.length === 0) return { ok: true, detail: 'caught up' };
    const left = timeLeft(done, target);
    const share = target > 0n ? Math.floor((Number(done) * 100) / Number(target)) : 100;
    return { ok: false, detail: `${what}: ${done} of ${target} offsets (${share} %)${left}` };
  }

  /** Nothing is said while nothing moves. */
  function timeLeft(done: bigint, target: bigint): string {
    const at = now();
    if (samples.some((sample) => sample.done > done)) samples = [];
    const [newestOld] = samples.filter((sample) => at - sample.at >= RATE_MS).slice(-1);
    samples = [...samples.filter((sample) => sample === newestOld || at - sample.at < RATE_MS), { at, done }];
    const since = samples[0] ?? { at, done };
    const perSecond = at > since.at ? (Number(done - since.done) * 1_000) / (at - since.at) : 0;
    return perSecond > 0 ? `, about ${Math.ceil(Number(target - done) / perSecond)} s left` : '';
  }
}
