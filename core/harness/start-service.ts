import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { extname } from 'node:path';
import { createInterface } from 'node:readline';

/** A line of a service's log, parsed. */
export type LogLine = Readonly<Record<string, unknown>>;

export type RunningService = {
  readonly url: string;
  readonly pid: number;
  /** What it logged so far. */
  readonly lines: readonly LogLine[];
  /** kill -9. */
  kill(): Promise<void>;
  /** Asks it to stop; answers its exit code. */
  stop(): Promise<number | null>;
};

/**
 * For tests and benches: starts a service's real `main` as a process of its own, and resolves once it listens.
 * @param main the path of `main.ts`, run from source, or of `main.js`
 * @param onLine told of each line it logs, also while it starts
 * @param until `starting` resolves when it only answers for itself, and still waits for what it needs
 */
export async function startService(
  main: string,
  env: Readonly<Record<string, string>>,
  onLine: (line: LogLine) => void = () => undefined,
  until: 'starting' | 'listening' = 'listening',
): Promise<RunningService> {
  const fromSource = extname(main) === '.ts' ? ['--conditions=source', '--import', 'tsx'] : [];
  const child = spawn(process.execPath, [...fromSource, main], {
    env: { ...process.env, LOG_LEVEL: 'info', ...env },
    stdio: ['ignore', 'pipe', 'inherit'],
  });
  const lines: LogLine[] = [];
  const url = await urlIn(child, until, (line) => {
    lines.push(line);
    onLine(line);
  });
  return {
    url,
    pid: child.pid ?? 0,
    lines,
    async kill() {
      await end(child, 'SIGKILL');
    },
    stop: () => end(child, 'SIGTERM'),
  };
}

function urlIn(child: ChildProcess, until: string, onLine: (line: LogLine) => void): Promise<string> {
  return new Promise((resolve, reject) => {
    child.once('exit', (code) => reject(new Error(`the service ended with ${code} before it was ${until}`)));
    if (!child.stdout) return;
    createInterface(child.stdout).on('line', (line) => {
      const parsed: LogLine = JSON.parse(line);
      onLine(parsed);
      if (parsed.msg === until) resolve(String(parsed.url));
    });
  });
}

async function end(child: ChildProcess, signal: NodeJS.Signals): Promise<number | null> {
  if (child.exitCode === null && child.signalCode === null) {
    child.kill(signal);
    await once(child, 'exit');
  }
  return child.exitCode;
}
