import { join } from 'node:path';
import type { Part } from '../parts/part.ts';
import { type Keeper, keepRunning } from './keep-running.ts';
import { keepState } from './keep-state.ts';
import { identityOf, type ProcessIdentity } from './process-identity.ts';
import type { PartState, StackState } from './stack-state.ts';

type SuperviseOptions = {
  readonly waves: readonly (readonly Part[])[];
  readonly dataDir: string;
  readonly self: ProcessIdentity;
  readonly say: (line: string) => void;
};

export type Supervision = {
  /** Resolves once every part is ready; rejects with what the first to fail said. */
  readonly started: Promise<void>;
  /** Stops the parts, last wave first, and records how the supervision ended. */
  close(failure?: string): Promise<void>;
};

/** Starts the waves in order, keeps every part running, and keeps `stack.json` true to what happens. */
export function supervise({ waves, dataDir, self, say }: SuperviseOptions): Supervision {
  const parts = new Map<string, PartState>();
  for (const { name, port } of waves.flat()) {
    const url = `http://127.0.0.1:${port}`;
    parts.set(name, { name, port, url, state: 'waiting', since: Date.now(), restarts: 0 });
  }
  let summary: Pick<StackState, 'phase' | 'failure'> = { phase: 'starting' };
  const write = keepState({ dataDir, say, read: () => ({ supervisor: self, ...summary, parts: [...parts.values()] }) });
  const enter = (next: typeof summary): Promise<void> => {
    summary = next;
    return write();
  };

  const keep = (part: Part): Keeper =>
    keepRunning(part, {
      logFile: join(dataDir, 'logs', `${part.name}.log`),
      say,
      async report({ pid, ...change }) {
        const before = parts.get(part.name);
        if (!before) return;
        const process = pid === undefined ? {} : { process: await identityOf(pid) };
        const since = change.state && change.state !== before.state ? Date.now() : before.since;
        parts.set(part.name, { ...before, ...change, ...process, since });
        await write();
      },
    });

  const kept: Keeper[][] = [];
  let closing = false;
  const start = async (): Promise<void> => {
    await write();
    for (const wave of waves) {
      if (closing) return;
      const keepers = wave.map(keep);
      kept.push(keepers);
      await Promise.all(keepers.map(({ started }) => started));
    }
    if (!closing) await enter({ phase: 'running' });
  };

  return {
    started: start(),
    async close(failure) {
      closing = true;
      await enter({ phase: 'stopping', failure });
      for (const wave of kept.toReversed()) await Promise.all(wave.map((keeper) => keeper.close()));
      await enter({ phase: failure === undefined ? 'stopped' : 'failed', failure });
    },
  };
}
