import { setTimeout as delay } from 'node:timers/promises';
import type { Terminal } from '../artifacts/progress.ts';
import { isRunning, type ProcessIdentity } from '../supervisor/process-identity.ts';
import { type PartState, readState, type StackState } from '../supervisor/stack-state.ts';

const seconds = (ms: number): string => `${(ms / 1_000).toFixed(1)} s`;

/** A part that takes longer than this to stop is worth a word: the first time, Java leaves a cache for faster starts. */
const LONG_MS = 3_000;

function lineOf({ name, state, port, since, startedInMs = 0, trouble = '' }: PartState): string | undefined {
  switch (state) {
    case 'ready':
      return `  ${name.padEnd(9)} ready on port ${port} after ${seconds(startedInMs)}`;
    case 'stopped':
      return `  ${name.padEnd(9)} stopped`;
    case 'restarting':
      return `  ${name.padEnd(9)} ${trouble}; trying again`;
    case 'stopping':
      return Date.now() - since > LONG_MS ? `  ${name.padEnd(9)} is still stopping` : undefined;
    default:
      return undefined;
  }
}

type FollowOptions = {
  readonly until: (state: StackState) => boolean;
  /** What the reader knows already: only what changes from then on is said. */
  readonly known?: StackState;
  readonly out: Terminal;
};

/**
 * Says what the supervisor does, a line for each change, until `until` holds or the supervisor has ended. Answers the
 * last state; undefined when it ended before it wrote one.
 */
export async function followState(
  dataDir: string,
  supervisor: ProcessIdentity,
  { until, known, out }: FollowOptions,
): Promise<StackState | undefined> {
  const said = new Map<string, string>(known?.parts.map((part) => [part.name, lineOf(part) ?? '']));
  const show = (state: StackState) => {
    for (const part of state.parts) {
      const line = lineOf(part);
      if (line && said.get(part.name) !== line) out.write(`${line}\n`);
      said.set(part.name, line ?? '');
    }
  };
  for (;;) {
    // Asked first, so that what it wrote last is still read below.
    const alive = await isRunning(supervisor);
    const state = await readState(dataDir);
    const own = state?.supervisor.pid === supervisor.pid ? state : undefined;
    if (own) show(own);
    if (!alive || (own && until(own))) return own;
    await delay(100);
  }
}
