import type { Window } from './window.ts';

export const modes = ['on', 'shadow', 'off'] as const;
export type Mode = (typeof modes)[number];

export const kinds = ['win', 'anomaly'] as const;

/** A version of a rule, as it is in force. */
export type Rule = {
  readonly ruleId: string;
  readonly version: number;
  readonly name: string;
  readonly kind: (typeof kinds)[number];
  readonly streams: readonly string[];
  readonly windows: Readonly<Record<string, Window>>;
  readonly when: string;
  readonly mode: Mode;
  /** Entries appended before it are not evaluated. */
  readonly effectiveFrom: number | undefined;
  /** The period of its schedule, in milliseconds: it is then evaluated for every account at each multiple of it. */
  readonly everyMs: number | undefined;
};

/** The stream that rules write wins to, and that rules may be about. */
export const WON_EVENTS = 'won-events';
