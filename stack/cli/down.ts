import { liveSupervisor } from '../supervisor/claim.ts';
import { signalProcess } from '../supervisor/process-identity.ts';
import { readState } from '../supervisor/stack-state.ts';
import { followState } from './follow-state.ts';
import type { StackCli } from './stack-cli.ts';
import { stopLeftovers } from './stop-leftovers.ts';

/** Stops everything in order; also what a killed supervisor left behind. Nothing running is fine. */
export async function down({ settings, out }: StackCli): Promise<void> {
  const { dataDir } = settings;
  const supervisor = await liveSupervisor(dataDir);
  const known = await readState(dataDir);
  if (supervisor) {
    out.write('Stopping\n');
    await signalProcess(supervisor, 'SIGTERM');
    await followState(dataDir, supervisor, { until: () => false, out, ...(known && { known }) });
  }
  const left = await readState(dataDir);
  const leftovers = left ? await stopLeftovers(dataDir, left, out) : 0;
  out.write(supervisor || leftovers > 0 ? 'Stopped. The data stays for the next make up.\n' : 'Nothing is running.\n');
}
