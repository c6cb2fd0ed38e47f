import { messageOf } from '../problem/message-of.ts';

/** What a check found: `detail` says it for people, such as `lag 12` or `connection refused`. */
export type Verdict = { readonly ok: boolean; readonly detail: string };
export type Check = () => Verdict | Promise<Verdict>;
export type HealthReport = { readonly ok: boolean; readonly checks: readonly (Verdict & { readonly name: string })[] };

export type Health = {
  add(name: string, check: Check): void;
  /** Never throws. Asked again within the cache time, it answers the same without running the checks. */
  report(): Promise<HealthReport>;
};

async function within(check: Check, timeoutMs: number): Promise<Verdict> {
  let timer: NodeJS.Timeout | undefined;
  const late = new Promise<Verdict>((resolve) => {
    timer = setTimeout(() => resolve({ ok: false, detail: `no answer within ${timeoutMs} ms` }), timeoutMs);
  });
  try {
    return await Promise.race([check(), late]);
  } catch (error) {
    return { ok: false, detail: messageOf(error) };
  } finally {
    clearTimeout(timer);
  }
}

/** Readiness as the sum of named checks, each bounded in time, so that one hung dependency cannot hang `/readyz`. */
export function createHealth({ timeoutMs = 1_000, cacheMs = 250 } = {}): Health {
  const checks = new Map<string, Check>();
  let last: { readonly at: number; readonly report: Promise<HealthReport> } | undefined;

  const run = async (): Promise<HealthReport> => {
    const results = await Promise.all(
      [...checks].map(async ([name, check]) => ({ name, ...(await within(check, timeoutMs)) })),
    );
    return { ok: results.every(({ ok }) => ok), checks: results };
  };

  return {
    add(name, check) {
      checks.set(name, check);
      last = undefined;
    },
    report() {
      const now = performance.now();
      if (!last || now - last.at >= cacheMs) last = { at: now, report: run() };
      return last.report;
    },
  };
}
