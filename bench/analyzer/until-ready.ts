import { setTimeout as sleep } from 'node:timers/promises';

/** Resolves once a service says that it is ready. */
export async function untilReady(url: string): Promise<void> {
  for (;;) {
    const response = await fetch(`${url}/readyz`);
    await response.arrayBuffer();
    if (response.ok) return;
    await sleep(10);
  }
}
