export type EvaluationCounts = {
  count(failed: boolean): void;
  /** Tells what was counted since the last time, if anything. */
  tell(): void;
  close(): void;
};

const TELL_EVERY_MS = 250;

/** Counts evaluations, of which there may be millions a second, and tells of them a few times a second. */
export function countEvaluations(onEvaluated: (done: number, failed: number) => void): EvaluationCounts {
  let [done, failed] = [0, 0];
  const timer = setInterval(tell, TELL_EVERY_MS).unref();

  return {
    count(isFailed) {
      if (isFailed) failed += 1;
      else done += 1;
    },
    tell,
    close() {
      clearInterval(timer);
      tell();
    },
  };

  function tell(): void {
    if (done + failed === 0) return;
    onEvaluated(done, failed);
    [done, failed] = [0, 0];
  }
}
