import { execFileSync } from 'node:child_process';
import type { Load, LoadOptions } from './load.ts';
import { loadByAutocannon } from './load-by-autocannon.ts';
import { loadByWrk } from './load-by-wrk.ts';

/**
 * What the load comes from. wrk where it is installed (`apt-get install wrk`, `brew install wrk`): it takes a tenth of what
 * autocannon takes of the cores that are shared with what is measured.
 */
export const loadTool: 'wrk' | 'autocannon' = isInstalled('wrk') ? 'wrk' : 'autocannon';

/** Posts JSON over connections that each wait for their answer. Throws when one was not 201: it would count for nothing. */
export const loadOf: (options: LoadOptions) => Promise<Load> = loadTool === 'wrk' ? loadByWrk : loadByAutocannon;

function isInstalled(command: string): boolean {
  try {
    execFileSync(command, ['--version'], { stdio: 'ignore' });
    return true;
  } catch (error) {
    return !(error instanceof Error && 'code' in error && error.code === 'ENOENT');
  }
}
