import autocannon from 'autocannon';
import type { Load, LoadOptions } from './load.ts';

export async function loadByAutocannon({ url, connections, seconds, bodies, bearer }: LoadOptions): Promise<Load> {
  const headers = {
    'content-type': 'application/json',
    ...(bearer !== undefined && { authorization: `Bearer ${bearer}` }),
  };
  const result = await autocannon({
    url,
    connections,
    duration: seconds,
    requests: bodies.map((body) => ({ method: 'POST', headers, body })),
  });
  const { non2xx, errors, requests, latency } = result;
  if (non2xx + errors > 0) throw new Error(`${url} answered ${non2xx} requests with an error and ${errors} not at all`);
  return { perSecond: requests.total / result.duration, p50: latency.p50, p99: latency.p99 };
}
