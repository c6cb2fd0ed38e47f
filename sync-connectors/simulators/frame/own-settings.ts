import { z } from 'zod';
import type { ControlSettings } from './control.ts';

export type OwnSettings<Settings> = ControlSettings & { current(): Settings };

/** Settings that change while a simulator runs; what is not named stays as it is. */
export function ownSettings<Settings extends Readonly<Record<string, unknown>>>(
  type: z.ZodType<Settings>,
  initial: Settings,
): OwnSettings<Settings> {
  let current = initial;
  return {
    current: () => current,
    get: () => current,
    set(given) {
      const parsed = type.safeParse(typeof given === 'object' && given !== null ? { ...current, ...given } : given);
      if (!parsed.success) return z.prettifyError(parsed.error);
      current = parsed.data;
      return undefined;
    },
    reset() {
      current = initial;
    },
  };
}
