import type { Value } from '@millrace/core/schema/from-json';
import type { Plan, PlannedWindow } from './plan.ts';
import { forgetBefore, newWindowState, type WindowState } from './window-state.ts';

/** What is known of an account: a function of what was appended to its partition. */
export type AccountState = {
  /** Its newest version; null when there is none. */
  account: Value | null;
  /** By the key of the window. */
  readonly windows: Map<string, WindowState>;
};

export const newAccountState = (): AccountState => ({ account: null, windows: new Map() });

export function windowStateOf(
  { windows }: AccountState,
  { key, window }: Pick<PlannedWindow, 'key' | 'window'>,
): WindowState {
  const known = windows.get(key);
  if (known) return known;
  const fresh = newWindowState(window);
  windows.set(key, fresh);
  return fresh;
}

/**
 * Drops what can't change an outcome of an entry appended at `at` or later. Answers whether anything is left. When it is called makes no
 * difference to any outcome.
 */
export function evict(state: AccountState, plan: Plan, at: number): boolean {
  for (const [key, window] of state.windows) {
    const keepMs = plan.windows.get(key)?.keepMs;
    if (keepMs === undefined || !forgetBefore(window, at - keepMs)) state.windows.delete(key);
  }
  return state.account !== null || state.windows.size > 0;
}
