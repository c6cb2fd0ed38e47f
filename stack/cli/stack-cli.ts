import type { Terminal } from '../artifacts/progress.ts';
import type { StackSettings } from '../settings/stack-settings.ts';

/** What every command is given. */
export type StackCli = {
  readonly settings: StackSettings;
  /** As given: the addresses that it does not name are asked of `addressesIn`. */
  readonly env: Readonly<Record<string, string | undefined>>;
  readonly out: Terminal;
};
