import type { Terminal } from '../artifacts/progress.ts';
import type { StackSettings } from '../settings/stack-settings.ts';

/** What every command is given. */
export type StackCli = {
  readonly settings: StackSettings;
  readonly env: Readonly<Record<string, string | undefined>>;
  readonly out: Terminal;
};
