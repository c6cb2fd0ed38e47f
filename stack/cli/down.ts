import { isRunning, signalProcess } from '../supervisor/process-identity.ts';
import { readState } from '../supervisor/stack-state.ts';
import { followState } from './follow-state.ts';
import type { StackCli } from './stack-cli.ts';
import { stopLeftovers } from './stop-leftovers.ts';

/** Stops everything in order; also what a killed supervisor left behind. Nothing running is fine. */
export const down = async ({ settings, out }: StackCli): Promise<void> => {
  const state = await readState(settings.dataDir);
  if (!state) {
    out.write('Nothing is running.\n');
    return;
  }
  const supervised = await isRunning(state.supervisor);
  if (supervised) {
    out.write('Stopping\n');
    await signalProcess(state.supervisor, 'SIGTERM');
    await followState(settings.dataDir, state.supervisor, () => false, out);
  }
  const left = await readState(settings.dataDir);
  const leftovers = left ? await stopLeftovers(settings.dataDir, left, out) : 0;
  out.write(supervised || leftovers > 0 ? 'Stopped. The data stays for the next make up.\n' : 'Nothing is running.\n');
};
