import autocannon from 'autocannon';

type LoadOptions = {
  readonly url: string;
  readonly connections: number;
  readonly seconds: number;
  /** Sent in turn. */
  readonly bodies: readonly string[];
};

export type Load = { readonly perSecond: number; readonly p50: number; readonly p99: number };

/** Posts JSON over connections that each wait for their answer. Throws when one was not 201: it would count for nothing. */
export async function loadOf({ url, connections, seconds, bodies }: LoadOptions): Promise<Load> {
  const result = await autocannon({
    url,
    connections,
    duration: seconds,
    requests: bodies.map((body) => ({ method: 'POST', headers: { 'content-type': 'application/json' }, body })),
  });
  const { non2xx, errors, requests, latency } = result;
  if (non2xx + errors > 0) throw new Error(`${url} answered ${non2xx} requests with an error and ${errors} not at all`);
  return { perSecond: requests.total / result.duration, p50: latency.p50, p99: latency.p99 };
}
