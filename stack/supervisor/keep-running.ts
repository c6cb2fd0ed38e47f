import { setTimeout as sleep } from 'node:timers/promises';
import { messageOf } from '@millrace/core/problem/message-of';
import { OWN_WORDS } from '../parts/last-lines.ts';
import type { Part } from '../parts/part.ts';
import { type RunningPart, startPart } from '../parts/start-part.ts';
import { backoffMs, failuresAfter } from './backoff.ts';
import type { PartState } from './stack-state.ts';

export type Keeper = {
  /** Resolves when it is ready for the first time; rejects when it could not be started. */
  readonly started: Promise<void>;
  /** Stops it for good. */
  close(): Promise<void>;
};

type KeepOptions = {
  readonly logFile: string;
  /** Called with every change, in order. */
  readonly report: (change: Partial<PartState> & { readonly pid?: number }) => void | Promise<void>;
  readonly say: (line: string) => void;
};

/** Resolves after the time, or at once when closed. */
const pause = (ms: number, signal: AbortSignal): Promise<void> =>
  sleep(ms, undefined, { signal }).catch(() => undefined);

/** What it says itself, else the first line: below may be the end of a log that is there to be read anyway. */
function firstReason(error: unknown): string {
  const lines = messageOf(error)
    .split('\n')
    .map((line) => line.trim());
  return lines.find((line) => OWN_WORDS.test(line)) ?? lines[0] ?? '';
}

/**
 * Starts a part and starts it again whenever it ends, waiting longer each time it fails in a row. Only a first start
 * that fails is given up: there a person is waiting for an answer.
 */
export function keepRunning(part: Part, { logFile, report, say }: KeepOptions): Keeper {
  const closing = new AbortController();
  let running: RunningPart | undefined;
  let restarts = 0;

  const start = async (): Promise<RunningPart> => {
    const begun = performance.now();
    await report({ state: 'starting' });
    const onSpawn = (pid: number) => report({ pid });
    running = await startPart(part, { logFile, onSpawn, signal: closing.signal });
    const startedInMs = Math.round(performance.now() - begun);
    await report({ state: 'ready', startedInMs, restarts });
    say(`${part.name} is ready on port ${part.port} after ${startedInMs} ms`);
    return running;
  };

  /** Tries until it is ready again; undefined once closed. */
  const startAgain = async (how: string, failuresBefore: number): Promise<RunningPart | undefined> => {
    let trouble = how;
    for (let failures = failuresBefore; ; failures++) {
      restarts++;
      const waitMs = backoffMs(failures);
      say(`${part.name} ${trouble}; it is started again in ${waitMs} ms (restart ${restarts})`);
      await report({ state: 'restarting', process: undefined, restarts, trouble });
      await pause(waitMs, closing.signal);
      if (closing.signal.aborted) return undefined;
      try {
        return await start();
      } catch (error) {
        if (closing.signal.aborted) return undefined;
        trouble = `could not be started: ${firstReason(error)}`;
      }
    }
  };

  const watch = async (first: RunningPart): Promise<void> => {
    let failures = 0;
    for (let current: RunningPart | undefined = first; current; ) {
      const readyAt = performance.now();
      const how = await current.ended;
      if (closing.signal.aborted) return;
      failures = failuresAfter(failures, performance.now() - readyAt);
      current = await startAgain(how, failures);
    }
  };

  const began = start();
  const watching = began.then(watch, () => {});
  return {
    started: began.then(() => {}),
    async close() {
      closing.abort();
      await report({ state: 'stopping' });
      await began.catch(() => {});
      await running?.stop();
      await watching;
      await report({ state: 'stopped', process: undefined });
      say(`${part.name} stopped`);
    },
  };
}
