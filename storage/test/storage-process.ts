import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { join } from 'node:path';

export type StorageProcess = {
  readonly url: string;
  readonly pid: number;
  /** Log lines so far, parsed. */
  readonly lines: readonly Readonly<Record<string, unknown>>[];
  /** Sends a signal; resolves when the process has ended, or at once for one that doesn't end it. */
  kill(signal: NodeJS.Signals): Promise<void>;
  /** Resolves with the exit code. */
  readonly ended: Promise<number | null>;
};

const ENDS = new Set<NodeJS.Signals>(['SIGKILL', 'SIGTERM', 'SIGINT']);
const STARTED_WITHIN_MS = 60_000;

/** Runs the real `main.ts`, or another way in, as a process of its own, and resolves once it listens. */
export async function startStorage(
  env: Readonly<Record<string, string>>,
  [entry = 'main.ts', ...args]: readonly string[] = [],
): Promise<StorageProcess> {
  const main = join(import.meta.dirname, '..', entry);
  const child = spawn(process.execPath, ['--conditions=source', '--import', 'tsx', main, ...args], {
    env: { ...process.env, STORAGE_PORT: '0', LOG_LEVEL: 'info', ...env },
    stdio: ['ignore', 'pipe', 'pipe'],
  });
  const lines: Record<string, unknown>[] = [];
  let errors = '';
  child.stderr.on('data', (chunk: Buffer) => {
    errors += chunk.toString();
  });
  const url = await new Promise<string>((resolve, reject) => {
    const fail = () => reject(new Error(`storage did not start: ${errors} ${JSON.stringify(lines.slice(-5))}`));
    const timer = setTimeout(fail, STARTED_WITHIN_MS);
    child.once('exit', fail);
    eachLine(child, (line) => {
      lines.push(line);
      if (line.level === 'fatal') process.stderr.write(`${JSON.stringify(line)}\n`);
      if (line.msg !== 'listening' || typeof line.url !== 'string') return;
      clearTimeout(timer);
      resolve(line.url);
    });
  });
  const ended = new Promise<number | null>((resolve) => child.once('exit', (code) => resolve(code)));
  return {
    url,
    pid: child.pid ?? 0,
    lines,
    ended,
    async kill(signal) {
      if (child.exitCode !== null || child.signalCode !== null) return;
      const gone = once(child, 'exit');
      child.kill(signal);
      if (ENDS.has(signal)) await gone;
    },
  };
}

function eachLine(child: ChildProcess, onLine: (line: Record<string, unknown>) => void): void {
  let rest = '';
  child.stdout?.on('data', (chunk: Buffer) => {
    const parts = (rest + chunk.toString()).split('\n');
    rest = parts.pop() ?? '';
    for (const part of parts.filter((each) => each.startsWith('{'))) onLine(JSON.parse(part));
  });
}
