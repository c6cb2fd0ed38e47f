import { extname } from 'node:path';
import { type ResourceLimits, Worker } from 'node:worker_threads';

/**
 * Starts a file of a service as a worker thread.
 * @param from the caller's own `import.meta.url`
 * @param file relative to the caller and without its ending, such as `./reader-thread`
 */
export function startThread(from: string, file: string, resourceLimits: ResourceLimits = {}): Worker {
  return new Worker(entry(from, file), { resourceLimits });
}

/** Run from source, a thread has to be taught TypeScript itself. */
function entry(from: string, file: string): URL {
  const extension = extname(from);
  const url = new URL(`${file}${extension}`, from);
  if (extension !== '.ts') return url;
  const tsx = import.meta.resolve('tsx/esm/api');
  const teach = `import { register } from '${tsx}'; register(); await import('${url.href}');`;
  return new URL(`data:text/javascript,${encodeURIComponent(teach)}`);
}
