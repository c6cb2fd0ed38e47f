import type { Worker } from 'node:worker_threads';
import { startThread } from '@millrace/core/thread/start-thread';

/** Space for short-lived objects, so that garbage collection stays cheap. */
const YOUNG_MEGABYTES = 48;

/**
 * Gives out threads for `openReader`. The first begins to load at once: called before the service loads anything else, both
 * load at the same time.
 */
export function readerThreads(): () => Worker {
  const threads = [spawn()];
  return () => threads.pop() ?? spawn();
}

const spawn = () => startThread(import.meta.url, './reader-thread', { maxYoungGenerationSizeMb: YOUNG_MEGABYTES });
