import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdir, open, rename, stat } from 'node:fs/promises';
import { dirname } from 'node:path';
import { setTimeout as delay } from 'node:timers/promises';
import { StackError } from '../stack-error.ts';
import { tellingLines } from './last-lines.ts';
import type { Part } from './part.ts';
import { untilPaused } from './until-paused.ts';

export type RunningPart = {
  readonly pid: number;
  /** Resolves when the process has ended, with words for how. */
  readonly ended: Promise<string>;
  /** SIGTERM, then SIGKILL when it takes too long. */
  stop(): Promise<void>;
  /** SIGKILL: nothing is flushed, nothing said to others. */
  kill(): Promise<void>;
  /** SIGSTOP: it keeps its connections and answers nothing. Resolves once that is so. */
  pause(): Promise<void>;
  /** SIGCONT. */
  resume(): void;
};

export type StartOptions = {
  readonly logFile: string;
  /** Called with the process id as soon as there is one, long before it is ready. */
  readonly onSpawn?: (pid: number) => void | Promise<void>;
  readonly readyWithinMs?: number;
  /** Gives up waiting and stops it in order. */
  readonly signal?: AbortSignal;
};

type Exit = { readonly how: string; readonly bySignal: boolean };
type Launched = {
  readonly child: ChildProcess;
  readonly pid: number;
  readonly exited: Promise<Exit>;
  readonly logStart: number;
};

const LARGE_LOG_BYTES = 20_000_000;

/** A log that has grown large becomes the old one, in the place of the old one before. */
async function setAside(logFile: string): Promise<void> {
  const { size } = await stat(logFile).catch(() => ({ size: 0 }));
  if (size > LARGE_LOG_BYTES) await rename(logFile, logFile.replace(/\.log$/, '.old'));
}

async function launch(part: Part, logFile: string): Promise<Launched> {
  const { file, args, env, cwd } = await part.command();
  await mkdir(dirname(logFile), { recursive: true });
  await setAside(logFile);
  const log = await open(logFile, 'a');
  const { size: logStart } = await log.stat();
  try {
    // In a group of its own, so that a Ctrl-C meant for us does not reach it before we stop it in order.
    const options = { cwd, env: { ...process.env, ...env }, detached: true };
    const child = spawn(file, args, { ...options, stdio: ['ignore', log.fd, log.fd] });
    const exited = new Promise<Exit>((resolve) => {
      child.once('exit', (code, signal) =>
        resolve({ how: signal ? `was ended by ${signal}` : `ended with code ${code}`, bySignal: signal !== null }),
      );
    });
    await once(child, 'spawn').catch((error: Error) => {
      throw new StackError(`${part.name} could not be run: ${error.message}`);
    });
    return { child, pid: child.pid ?? 0, exited, logStart };
  } finally {
    await log.close();
  }
}

/** Starts a part and waits until it answers. What fails says why in one line, with the end of its log below. */
export async function startPart(part: Part, options: StartOptions): Promise<RunningPart> {
  const { logFile, onSpawn, readyWithinMs = 120_000, signal } = options;
  await part.prepare?.();
  const { child, pid, exited, logStart } = await launch(part, logFile);
  let worked = false;
  const ended = exited.then(async ({ how, bySignal }) => {
    if (worked && !bySignal) await part.exited?.();
    return how;
  });
  let outcome: string | undefined;
  void ended.then((how) => {
    outcome = how;
  });

  const kill = async () => {
    child.kill('SIGKILL');
    await ended;
  };
  const running: RunningPart = {
    pid,
    ended,
    kill,
    async stop() {
      child.kill('SIGCONT');
      child.kill('SIGTERM');
      // A part that was never ready has no data to lose, and Java would first write its cache.
      const withinMs = worked ? part.stopWithinMs : Math.min(part.stopWithinMs, 5_000);
      const timer = setTimeout(() => child.kill('SIGKILL'), withinMs);
      await ended;
      clearTimeout(timer);
    },
    async pause() {
      child.kill('SIGSTOP');
      await untilPaused(pid);
    },
    resume: () => void child.kill('SIGCONT'),
  };

  const fail = async (reason: string): Promise<never> => {
    await kill();
    const lines = await tellingLines(logFile, logStart, 12);
    throw new StackError([`${part.name} ${reason}. From ${logFile}:`, ...lines.map((line) => `  ${line}`)].join('\n'));
  };
  await onSpawn?.(pid);
  const deadline = performance.now() + readyWithinMs;
  while (!(await part.ready())) {
    if (outcome) await fail(`${outcome} before it was ready`);
    if (signal?.aborted) {
      await running.stop();
      throw new StackError(`${part.name} was stopped before it was ready`);
    }
    if (performance.now() > deadline) {
      const why = await part.explain?.();
      await fail(`was not ready within ${Math.round(readyWithinMs / 1000)} s${why ? `, as it says: ${why}` : ''}`);
    }
    await delay(50);
  }
  if (outcome) await fail(`${outcome} while something else answered on port ${part.port}`);
  await part.configure?.().catch((error: Error) => fail(error.message));
  worked = true;
  return running;
}
