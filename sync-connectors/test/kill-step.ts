import { existsSync, readFileSync, writeFileSync } from 'node:fs';
import type { OnStep } from '../frame/write/step.ts';

/** Ends the process at a step of a run: a file that holds `after-produce:2` means the second time at that step. Empty for never. */
export function killStep(file: string): OnStep {
  let reached = 0;
  return (step) => {
    const [killAt, time] = existsSync(file) ? readFileSync(file, 'utf8').split(':') : [];
    if (step !== killAt) return;
    reached += 1;
    if (reached < Number(time)) return;
    writeFileSync(file, '');
    process.kill(process.pid, 'SIGKILL');
  };
}
