import { extname } from 'node:path';
import { Worker } from 'node:worker_threads';

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

const spawn = () => new Worker(entry(), { resourceLimits: { maxYoungGenerationSizeMb: YOUNG_MEGABYTES } });

/** Run from source, a thread has to be taught TypeScript itself. */
function entry(): URL {
  const extension = extname(import.meta.url);
  const file = new URL(`./reader-thread${extension}`, import.meta.url);
  if (extension !== '.ts') return file;
  const tsx = import.meta.resolve('tsx/esm/api');
  const teach = `import { register } from '${tsx}'; register(); await import('${file.href}');`;
  return new URL(`data:text/javascript,${encodeURIComponent(teach)}`);
}
