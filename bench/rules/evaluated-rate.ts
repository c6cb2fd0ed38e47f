import { setTimeout as pause } from 'node:timers/promises';

const EVERY_MS = 100;

/** Events a second, from when the first are evaluated until all of them are by every rule. */
export async function evaluatedRate(url: string, events: number, rules: number): Promise<number> {
  const first = await untilMore(0);
  const start = performance.now();
  const all = await untilMore(events * rules - 1);
  if (all !== events * rules) throw new Error(`${all} evaluations of ${events} events by ${rules} rules`);
  return (all - first) / rules / ((performance.now() - start) / 1_000);

  async function untilMore(than: number): Promise<number> {
    for (;;) {
      const evaluated = await evaluations(url);
      if (evaluated > than) return evaluated;
      await pause(EVERY_MS);
    }
  }
}

async function evaluations(url: string): Promise<number> {
  const text = await (await fetch(`${url}/metrics`)).text();
  const counts = text.matchAll(/^millrace_rules_evaluations_total\{[^}]*\} (\d+)$/gm);
  return [...counts].reduce((sum, [, count]) => sum + Number(count), 0);
}
