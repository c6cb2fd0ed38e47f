import { Problem } from '@millrace/core/problem/problem';
import type { OpenConnector } from '../frame/run/run-options.ts';

/** Throws `not-found` for a name that no connector has. */
export function findConnector(connectors: readonly OpenConnector[], name: string): OpenConnector {
  const found = connectors.find(({ connector }) => connector.name === name);
  if (found) return found;
  const known = connectors.map(({ connector }) => connector.name).join(', ') || 'none';
  throw new Problem('not-found', `There is no connector ${name}; set up are: ${known}.`);
}

export const alreadyRunning = (connector: string, runId: string): Problem =>
  new Problem('already-running', `${connector} runs already.`, { members: { run_id: runId } });
