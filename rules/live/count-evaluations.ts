export type EvaluationCounts = {
  count(failed: boolean): void;
  /** Reports what is left. */
  close(): void;
};

const REPORT_EVERY_MS = 250;

/** Counts evaluations, of which there may be millions a second, and reports them a few times a second. */
export function countEvaluations(onEvaluated: (done: number, failed: number) => void): EvaluationCounts {
  let [done, failed] = [0, 0];
  const timer = setInterval(report, REPORT_EVERY_MS).unref();

  return {
    count(isFailed) {
      if (isFailed) failed += 1;
      else done += 1;
    },
    close() {
      clearInterval(timer);
      report();
    },
  };

  function report(): void {
    if (done + failed === 0) return;
    onEvaluated(done, failed);
    [done, failed] = [0, 0];
  }
}
