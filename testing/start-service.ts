import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { extname, join } from 'node:path';
import { createInterface } from 'node:readline';

/** A line of a service's log, parsed. */
export type LogLine = Readonly<Record<string, unknown>>;

export type RunningService = {
  readonly url: string;
  readonly pid: number;
  /** What it has logged so far. */
  readonly lines: readonly LogLine[];
  /** Resolves with the exit code once the process has ended. */
  readonly ended: Promise<number | null>;
  /** Sends a signal, SIGKILL by default, and waits for the end where the signal means one. */
  kill(signal?: NodeJS.Signals): Promise<void>;
  /** Asks it to stop; answers its exit code. */
  stop(): Promise<number | null>;
};

export type StartOptions = {
  readonly args?: readonly string[];
  /** Called with each line it logs, also while it starts. */
  readonly onLine?: (line: LogLine) => void;
  /** `starting` resolves when it only answers for itself, and still waits for what it needs. */
  readonly until?: 'starting' | 'listening';
};

const ENDS: ReadonlySet<NodeJS.Signals> = new Set(['SIGKILL', 'SIGTERM', 'SIGINT']);
const LAST_LINES = 5;
const isSource = extname(import.meta.filename) === '.ts';

/** The path of a service's own program: from source where this file runs from source, else as it was built. */
export const serviceMain = (service: string, file = 'main'): string =>
  isSource
    ? join(import.meta.dirname, '..', service, `${file}.ts`)
    : join(import.meta.dirname, '..', '..', service, 'dist', `${file}.js`);

/**
 * Starts a service's real program as a process of its own, and resolves once it listens. Rejects with its last words
 * when it ends before.
 * @param main a path such as `serviceMain('receiver')`
 */
export async function startService(
  main: string,
  env: Readonly<Record<string, string>>,
  { args = [], onLine = () => undefined, until = 'listening' }: StartOptions = {},
): Promise<RunningService> {
  const fromSource = extname(main) === '.ts' ? ['--conditions=source', '--import', 'tsx'] : [];
  const child = spawn(process.execPath, [...fromSource, main, ...args], {
    env: { ...process.env, LOG_LEVEL: 'info', ...env },
    stdio: ['ignore', 'pipe', 'pipe'],
  });
  const ended = once(child, 'exit').then(([code]: (number | null)[]) => code ?? null);
  const lines: LogLine[] = [];
  const url = await urlIn(child, until, lines, onLine);
  return {
    url,
    pid: child.pid ?? 0,
    lines,
    ended,
    async kill(signal = 'SIGKILL') {
      child.kill(signal);
      if (ENDS.has(signal)) await ended;
    },
    async stop() {
      child.kill('SIGTERM');
      return await ended;
    },
  };
}

function urlIn(child: ChildProcess, until: string, lines: LogLine[], onLine: (line: LogLine) => void): Promise<string> {
  return new Promise((resolve, reject) => {
    let errors = '';
    child.stderr?.on('data', (chunk: Buffer) => {
      errors += chunk.toString();
    });
    child.once('exit', (code) => {
      const words = [errors, ...lines.slice(-LAST_LINES).map((line) => JSON.stringify(line))].join('\n');
      reject(new Error(`the service ended with ${code} before it was ${until}: ${words}`));
    });
    if (!child.stdout) return;
    createInterface(child.stdout).on('line', (text) => {
      const line = parsed(text);
      if (!line) return;
      lines.push(line);
      onLine(line);
      if (line.msg === until) resolve(String(line.url));
    });
  });
}

/** Undefined for what is not a line of the log, such as what a child of the service prints. */
function parsed(text: string): LogLine | undefined {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}
