import process from 'node:process';
import { afterAll, expect } from 'vitest';
import { waitUntil } from './wait-until.ts';

/** What keeps a process alive and a suite has to end: servers, child processes, workers, watched files. */
const HANDLES: ReadonlySet<string> = new Set([
  'TCPServerWrap',
  'PipeServerWrap',
  'ProcessWrap',
  'MessagePort',
  'FSEventWrap',
]);
/** Node's own words for listeners and timers that add up. */
const WARNINGS: ReadonlySet<string> = new Set(['MaxListenersExceededWarning', 'TimeoutNegativeWarning']);
const CLOSED_WITHIN_MS = 5_000;

const before = counts();
const warnings: string[] = [];
process.on('warning', keepWarning);

/** Fails a suite that leaves open handles or listeners of the process behind, or that made Node warn of them. */
afterAll(async () => {
  await waitUntil(
    async () => leaks(),
    (found) => found.length === 0,
    { withinMs: CLOSED_WITHIN_MS },
  );
  process.off('warning', keepWarning);
  expect(warnings).toEqual([]);
});

function keepWarning({ name, message }: Error): void {
  if (WARNINGS.has(name)) warnings.push(`${name}: ${message}`);
}

function leaks(): string[] {
  return [...counts()].flatMap(([name, count]) => {
    const more = count - (before.get(name) ?? 0);
    return more > 0 ? [`${more} ${name} left open`] : [];
  });
}

function counts(): Map<string, number> {
  const found = new Map<string, number>();
  for (const name of process.getActiveResourcesInfo())
    if (HANDLES.has(name)) found.set(name, (found.get(name) ?? 0) + 1);
  for (const event of process.eventNames())
    if (event !== 'warning') found.set(`listener of ${String(event)}`, process.listenerCount(event));
  return found;
}
