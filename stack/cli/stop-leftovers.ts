import type { Terminal } from '../artifacts/progress.ts';
import { endProcess, isRunning } from '../supervisor/process-identity.ts';
import { type StackState, writeState } from '../supervisor/stack-state.ts';

const STOP_WITHIN_MS = 30_000;

/** Ends the parts that outlived their supervisor, the last started first. Answers how many there were. */
export async function stopLeftovers(dataDir: string, state: StackState, out: Terminal): Promise<number> {
  const alive: { readonly name: string; end(): Promise<void> }[] = [];
  for (const { name, process } of state.parts) {
    if (process && (await isRunning(process))) alive.push({ name, end: () => endProcess(process, STOP_WITHIN_MS) });
  }
  if (alive.length > 0) {
    const names = alive.map(({ name }) => name).join(', ');
    out.write(`Stopping what an ended supervisor left behind: ${names}\n`);
  }
  for (const { end } of alive.toReversed()) await end();
  const parts = state.parts.map((part) => ({ ...part, process: undefined, state: 'stopped' as const }));
  if (alive.length > 0) await writeState(dataDir, { ...state, phase: 'stopped', parts });
  return alive.length;
}
