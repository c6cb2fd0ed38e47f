import { EventEmitter } from 'node:events';
import { appendFileSync } from 'node:fs';
import process from 'node:process';
import { queryObjects } from 'node:v8';
import { isMainThread } from 'node:worker_threads';

/**
 * Loaded into a service before its own program (`node --import`). Writes what is still alive after a full garbage
 * collection to SOAK_PROBE_DIR, as a JSON line every SOAK_PROBE_SECONDS: `v8.queryObjects` collects before it counts.
 */
const { SOAK_PROBE_DIR: dir, SOAK_PROBE_SECONDS: seconds } = process.env;

if (isMainThread && dir !== undefined && seconds !== undefined) {
  const Listener = listenerClass();
  const count = (of: new (...args: never[]) => unknown) => Number(queryObjects(of, { format: 'count' }));
  setInterval(() => {
    const emitters = count(EventEmitter);
    const { heapUsed, rss } = process.memoryUsage();
    const sample = { heap: heapUsed, rss, emitters, signals: count(AbortSignal), listeners: count(Listener) };
    appendFileSync(`${dir}/${process.pid}.ndjson`, `${JSON.stringify(sample)}\n`);
  }, Number(seconds) * 1_000).unref();
}

/** The class that Node keeps every listener of an EventTarget in; it has no public name. */
function listenerClass(): new () => unknown {
  const { signal } = new AbortController();
  signal.addEventListener('abort', () => undefined);
  const events = Object.getOwnPropertySymbols(signal).find((symbol) => symbol.description === 'kEvents');
  const root = events && Reflect.get(signal, events).get('abort');
  if (!root?.next) throw new Error('this Node keeps listeners in another way');
  return root.next.constructor;
}
