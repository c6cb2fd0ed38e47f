import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { extname, join } from 'node:path';
import { createInterface } from 'node:readline';

export type AnalyzerSettings = {
  readonly kafkaBrokers: string;
  readonly registryUrl: string;
  readonly schemasDir: string;
  readonly dataDir: string;
  readonly env?: Readonly<Record<string, string>>;
};

export type RunningAnalyzer = {
  readonly url: string;
  readonly pid: number;
  /** What it logged so far, parsed. */
  readonly lines: readonly Readonly<Record<string, unknown>>[];
  /** kill -9. */
  kill(): Promise<void>;
  /** Asks it to stop; answers its exit code. */
  stop(): Promise<number | null>;
};

/** Starts a real analyzer as a process of its own on a free port, and resolves once it listens. */
export async function startAnalyzer(settings: AnalyzerSettings): Promise<RunningAnalyzer> {
  const extension = extname(import.meta.filename);
  const main = join(import.meta.dirname, `../main${extension}`);
  const fromSource = extension === '.ts' ? ['--conditions=source', '--import', 'tsx'] : [];
  const child = spawn(process.execPath, [...fromSource, main], {
    env: {
      ...process.env,
      KAFKA_BROKERS: settings.kafkaBrokers,
      SCHEMA_REGISTRY_URL: settings.registryUrl,
      SCHEMAS_DIR: settings.schemasDir,
      DATA_DIR: settings.dataDir,
      ANALYZER_PORT: '0',
      LOG_LEVEL: 'info',
      ...settings.env,
    },
    stdio: ['ignore', 'pipe', 'inherit'],
  });
  const lines: Record<string, unknown>[] = [];
  const url = await listening(child, lines);
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

function listening(child: ChildProcess, lines: Record<string, unknown>[]): Promise<string> {
  return new Promise((resolve, reject) => {
    if (child.stdout)
      createInterface(child.stdout).on('line', (line) => {
        const parsed: Record<string, unknown> = JSON.parse(line);
        lines.push(parsed);
        if (parsed.msg === 'listening') resolve(String(parsed.url));
      });
    child.once('exit', (code) => reject(new Error(`the analyzer ended with ${code} before it listened`)));
  });
}

async function end(child: ChildProcess, signal: NodeJS.Signals): Promise<number | null> {
  if (child.exitCode === null && child.signalCode === null) {
    child.kill(signal);
    await once(child, 'exit');
  }
  return child.exitCode;
}
