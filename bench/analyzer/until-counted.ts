import { setTimeout as sleep } from 'node:timers/promises';

/** Resolves once the analyzer at `url` has numbered so many events of a stream. */
export async function untilCounted(url: string, stream: string, count: number): Promise<void> {
  for (;;) {
    const response = await fetch(`${url}/${stream}?index=${count - 1}`);
    await response.arrayBuffer();
    if (response.ok) return;
    await sleep(20);
  }
}
