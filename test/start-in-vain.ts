import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { join } from 'node:path';

const ENDED_WITHIN_MS = 90_000;

/** Runs a service's real `main.ts` where it can't start, and answers how it ended. */
export async function startInVain(
  name: string,
  env: Readonly<Record<string, string>>,
): Promise<{ readonly code: number | null; readonly stderr: string }> {
  const main = join(import.meta.dirname, '..', name, 'main.ts');
  const child = spawn(process.execPath, ['--conditions=source', '--import', 'tsx', main], {
    env: { ...process.env, ...env },
    stdio: ['ignore', 'ignore', 'pipe'],
  });
  const timer = setTimeout(() => child.kill('SIGKILL'), ENDED_WITHIN_MS);
  let stderr = '';
  child.stderr.on('data', (chunk: Buffer) => {
    stderr += chunk.toString();
  });
  await once(child, 'close');
  clearTimeout(timer);
  return { code: child.exitCode, stderr };
}
