import { waitUntil } from '@millrace/testing/wait-until';

const WITHIN_MS = 600_000;

/** Resolves once the analyzer at `url` has numbered that many events of a stream. */
export async function untilCounted(url: string, stream: string, count: number): Promise<void> {
  await untilOk(`${url}/${stream}?index=${count - 1}`, 20);
}

/** Resolves once a service says that it is ready. */
export async function untilReady(url: string): Promise<void> {
  await untilOk(`${url}/readyz`, 10);
}

async function untilOk(url: string, everyMs: number): Promise<void> {
  const isOk = async () => {
    const response = await fetch(url);
    await response.arrayBuffer();
    return response.ok;
  };
  await waitUntil(isOk, (ok) => ok, { withinMs: WITHIN_MS, everyMs });
}
