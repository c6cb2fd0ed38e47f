import { writeFile } from 'node:fs/promises';
import type { RunningService } from '@millrace/testing/start-service';

export type KillableReplicas = {
  /** The address of one that runs. */
  url(): string;
  /**
   * Has the next run's process end itself at a step, as `killStep` has it; resolves once it has. The other replica goes on when the lease of
   * the killed one ends, a second later or more.
   */
  kill(killAt: string, startRun: (url: string) => Promise<string>): Promise<string>;
  close(): Promise<void>;
};

/** Two replicas of a service: when one is killed the other goes on, and a third is started meanwhile. */
export async function startKillable(
  killFile: string,
  start: (env: Readonly<Record<string, string>>) => Promise<RunningService>,
): Promise<KillableReplicas> {
  const begin = () => start({ KILL_FILE: killFile });
  let current = await begin();
  let next = begin();
  next.catch(() => undefined);

  return {
    url: () => current.url,
    async kill(killAt, startRun) {
      const [one, other] = [current, await next];
      await writeFile(killFile, killAt);
      const runId = await startRun(one.url);
      current = await Promise.race([one.ended.then(() => other), other.ended.then(() => one)]);
      next = begin();
      next.catch(() => undefined);
      return runId;
    },
    close: async () => void (await next.catch(() => undefined)),
  };
}
