const HEARTBEAT_MS = 1_000;

/**
 * Runs work of any length while the group keeps hearing from us. When the group has moved on (a rebalance, an expired
 * session) the signal is aborted and, once the work has ended, the heartbeat's error is thrown so that kafkajs rejoins.
 */
export async function keepAlive(
  heartbeat: () => Promise<void>,
  stop: AbortSignal,
  work: (signal: AbortSignal) => Promise<void>,
): Promise<void> {
  const lost = new AbortController();
  const timer = setInterval(() => heartbeat().catch((error: unknown) => lost.abort(error)), HEARTBEAT_MS);
  try {
    await work(AbortSignal.any([stop, lost.signal]));
  } catch (error) {
    throw lost.signal.aborted ? lost.signal.reason : error;
  } finally {
    clearInterval(timer);
  }
  if (lost.signal.aborted) throw lost.signal.reason;
  await heartbeat();
}
