import { spawn } from 'node:child_process';
import { join } from 'node:path';
import { rootDir } from '@millrace/core/config/root-dir';

export type Lifeline = {
  /** The process will not outlive us, even if we are killed. */
  hold(pid: number): void;
  /** Everything was stopped in order; nothing is left to do. */
  close(): void;
};

/** A small process that outlives this one just long enough to end the parts it started and remove their folder. */
export function openLifeline(dir: string): Lifeline {
  const script = join(rootDir, 'stack', 'harness', 'lifeline.mjs');
  const child = spawn(process.execPath, [script, dir], { detached: true, stdio: ['pipe', 'ignore', 'ignore'] });
  child.stdin.on('error', () => {});
  child.unref();
  return {
    hold: (pid) => void child.stdin.write(`${pid}\n`),
    close: () => void child.stdin.end('done\n'),
  };
}
