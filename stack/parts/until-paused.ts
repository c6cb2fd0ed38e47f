import { readdir, readFile } from 'node:fs/promises';
import { setTimeout as delay } from 'node:timers/promises';

/**
 * Resolves once every thread of a process that was sent SIGSTOP has stopped: each runs on until the system next interrupts it, and may
 * answer a request meanwhile. Only Linux shows its threads; elsewhere this resolves at once.
 */
export async function untilPaused(pid: number): Promise<void> {
  while ((await threadStates(pid)).some((state) => state !== 'T')) await delay(5);
}

async function threadStates(pid: number): Promise<string[]> {
  const threads = await readdir(`/proc/${pid}/task`).catch(() => []);
  const stats = await Promise.all(
    threads.map((thread) => readFile(`/proc/${pid}/task/${thread}/stat`, 'utf8').catch(() => undefined)),
  );
  return stats.flatMap((stat) => (stat === undefined ? [] : [stat.charAt(stat.lastIndexOf(')') + 2)]));
}
