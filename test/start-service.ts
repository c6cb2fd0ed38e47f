import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { join } from 'node:path';
import { createInterface } from 'node:readline';

export type Service = {
  readonly url: string;
  /** Stops it as a supervisor would, and waits until it has ended. */
  close(): Promise<void>;
};

const STARTED_WITHIN_MS = 90_000;

/**
 * Runs a service's real `main.ts` as a process of its own, on a free port, and resolves once it says that it has started.
 * Rejects with what it wrote when it ends before.
 */
export async function startService(name: string, env: Readonly<Record<string, string>>): Promise<Service> {
  const child = spawnService(name, env);
  const written: string[] = [];
  child.stderr?.on('data', (chunk: Buffer) => written.push(chunk.toString()));
  const url = await new Promise<string>((resolve, reject) => {
    const fail = (reason: string) => reject(new Error(`${name} ${reason}: ${written.join('')}`));
    const timer = setTimeout(() => fail('did not start in time'), STARTED_WITHIN_MS);
    let listening = '';
    child.once('exit', (code) => fail(`ended with ${code}`)).once('exit', () => clearTimeout(timer));
    if (child.stdout)
      createInterface(child.stdout).on('line', (line) => {
        written.push(`${line}\n`);
        listening = /"url":"(http:[^"]+)".*"msg":"listening"/.exec(line)?.[1] ?? listening;
        if (!line.includes('"msg":"started"')) return;
        clearTimeout(timer);
        resolve(listening);
      });
  });
  return {
    url,
    async close() {
      if (child.exitCode !== null || child.signalCode !== null) return;
      const gone = once(child, 'exit');
      child.kill('SIGTERM');
      await gone;
    },
  };
}

/** Runs a service that can't start, and answers how it ended. */
export async function startInVain(
  name: string,
  env: Readonly<Record<string, string>>,
): Promise<{ code: number | null; stderr: string }> {
  const child = spawnService(name, env);
  let stderr = '';
  child.stdout?.resume();
  child.stderr?.on('data', (chunk: Buffer) => {
    stderr += chunk.toString();
  });
  const timer = setTimeout(() => child.kill('SIGKILL'), STARTED_WITHIN_MS);
  await once(child, 'close');
  clearTimeout(timer);
  return { code: child.exitCode, stderr };
}

function spawnService(name: string, env: Readonly<Record<string, string>>): ChildProcess {
  const main = join(import.meta.dirname, '..', name, 'main.ts');
  const port = `${name.toUpperCase().replaceAll('-', '_')}_PORT`;
  return spawn(process.execPath, ['--conditions=source', '--import', 'tsx', main], {
    cwd: join(import.meta.dirname, '..'),
    env: { ...process.env, [port]: '0', LOG_LEVEL: 'info', ...env },
    stdio: ['ignore', 'pipe', 'pipe'],
  });
}
