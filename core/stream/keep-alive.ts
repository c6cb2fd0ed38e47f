const HEARTBEAT_MS = 1_000;

/**
 * Runs work of any length while it sends heartbeats to the group. When the group has continued without it (a rebalance, an expired
 * session) the signal is aborted and, once the work has ended, the heartbeat's error is thrown so that kafkajs rejoins.
 * No listener stays on `stop`, which lives as long as the process: Node would keep each signal of `AbortSignal.any`.
 */
export async function keepAlive(
  heartbeat: () => Promise<void>,
  stop: AbortSignal,
  work: (signal: AbortSignal) => Promise<void>,
): Promise<void> {
  const ended = new AbortController();
  let lost: { readonly error: unknown } | undefined;
  const onStop = () => ended.abort(stop.reason);
  if (stop.aborted) onStop();
  else stop.addEventListener('abort', onStop, { once: true });
  const timer = setInterval(() => {
    heartbeat().catch((error: unknown) => {
      lost ??= { error };
      ended.abort(error);
    });
  }, HEARTBEAT_MS);
  try {
    await work(ended.signal);
  } catch (error) {
    throw lost ? lost.error : error;
  } finally {
    clearInterval(timer);
    stop.removeEventListener('abort', onStop);
  }
  if (lost) throw lost.error;
  await heartbeat();
}
