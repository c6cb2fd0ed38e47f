export type LookupTimes = { readonly p50: number; readonly p99: number; readonly count: number };

/**
 * Looks up events at random, one after another over one connection, until `over` resolves; answers milliseconds.
 * @param below how many events there are by now; asked before each lookup, outside of its time
 */
export async function timeLookups(
  url: string,
  stream: string,
  below: () => number | Promise<number>,
  over: Promise<unknown>,
): Promise<LookupTimes> {
  const times: number[] = [];
  let running = true;
  const finish = () => {
    running = false;
  };
  over.then(finish, finish);
  while (running) {
    const index = Math.floor(Math.random() * (await below()));
    const start = performance.now();
    const response = await fetch(`${url}/${stream}?index=${index}`);
    const text = await response.text();
    times.push(performance.now() - start);
    if (!text.includes(`"index":${index},`)) throw new Error(`the lookup of ${index} answered ${text}`);
  }
  times.sort((a, b) => a - b);
  const quantile = (share: number) => times[Math.floor(times.length * share)] ?? 0;
  return { p50: quantile(0.5), p99: quantile(0.99), count: times.length };
}
