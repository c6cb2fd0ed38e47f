const EVERY_MS = 250;

export type Peaks = { readonly residentMegabytes: number; readonly loopDelayP99Ms: number };

/** Asks a service's own metrics while it is under load; `peaks` stops, and answers the highest that were seen. */
export function watchProcess(url: string): { peaks(): Peaks } {
  let residentBytes = 0;
  let delaySeconds = 0;
  const timer = setInterval(() => {
    sample().catch(() => undefined);
  }, EVERY_MS);
  return {
    peaks() {
      clearInterval(timer);
      return {
        residentMegabytes: Math.round(residentBytes / 2 ** 20),
        loopDelayP99Ms: Math.round(delaySeconds * 10_000) / 10,
      };
    },
  };

  async function sample() {
    const text = await (await fetch(`${url}/metrics`)).text();
    residentBytes = Math.max(residentBytes, metricOf(text, 'process_resident_memory_bytes'));
    delaySeconds = Math.max(delaySeconds, metricOf(text, 'nodejs_eventloop_lag_p99_seconds'));
  }
}

const metricOf = (metrics: string, name: string): number =>
  Number(new RegExp(`^${name}(?:\\{[^}]*\\})? (\\S+)$`, 'm').exec(metrics)?.[1] ?? 0);
