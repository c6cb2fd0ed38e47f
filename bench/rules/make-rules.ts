const window = (over: string, kind: string, measure: string) => ({ over, kind, measure, timezone: 'Europe/Berlin' });

const WINDOWS = [
  window('7d', 'tumbling', 'sum(distance)'),
  window('1d', 'sliding', 'count'),
  window('30d', 'tumbling', 'max(distance)'),
  window('1h', 'sliding', 'avg(duration)'),
];

/** Of the runs of a filled topic, one in a hundred is longer. */
export const LONG_M = 8_600;
const STEP_M = 0.6;

/** A rule that wins for each run longer than that. */
export const ruleAbout = (stream: string, longerThan: number, n = 0): object => ({
  ...{ name: `rule ${n}`, kind: 'win', streams: [stream], windows: { measured: WINDOWS[n % WINDOWS.length] } },
  when: `windows.measured > 0 && event.distance > ${longerThan}`,
});

/** Makes rules about runs, each with a window; the first wins for each long run, and each further one for fewer. */
export async function makeRules(url: string, stream: string, count: number): Promise<void> {
  for (let n = 0; n < count; n += 1) {
    const rule = ruleAbout(stream, LONG_M + n * STEP_M, n);
    const headers = { 'content-type': 'application/json' };
    const response = await fetch(`${url}/v1/rules`, { method: 'POST', headers, body: JSON.stringify(rule) });
    if (response.status !== 201) throw new Error(`a rule was not made: ${await response.text()}`);
  }
}
