import { Pool } from 'undici';

export type Posted = { readonly event_id: string; readonly partition: number; readonly offset: number };

/**
 * Posts each record as a request of its own over `connections` connections, and gives the receiver's answers in the records' order.
 * Retries what the receiver says may be retried (503), as a careful client does; any other status fails.
 */
export async function postAll(url: string, records: readonly object[], connections = 64): Promise<Posted[]> {
  const { origin, pathname } = new URL(url);
  const pool = new Pool(origin, { connections, pipelining: 1 });
  const answers: Posted[] = new Array(records.length);
  let next = 0;
  const lane = async () => {
    for (let i = next++; i < records.length; i = next++) answers[i] = await post(pool, pathname, records[i]);
  };
  try {
    await Promise.all(Array.from({ length: connections }, lane));
  } finally {
    await pool.close();
  }
  return answers;
}

async function post(pool: Pool, path: string, record: unknown): Promise<Posted> {
  const headers = { 'content-type': 'application/json' };
  for (;;) {
    const { statusCode, body } = await pool.request({ path, method: 'POST', headers, body: JSON.stringify(record) });
    const answer = await body.json();
    if (statusCode === 201) return answer as Posted;
    if (statusCode !== 503) throw new Error(`${statusCode}: ${JSON.stringify(answer)}`);
  }
}
