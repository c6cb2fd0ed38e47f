export const overs = ['1h', '1d', '7d', '30d'] as const;
export type Over = (typeof overs)[number];

export const measures = ['count', 'sum', 'avg', 'min', 'max', 'distinct'] as const;

export type Measure =
  | { readonly of: 'count' }
  | { readonly of: Exclude<(typeof measures)[number], 'count'>; readonly field: string };

/** What is measured over which events of an account. */
export type Window = {
  readonly kind: 'tumbling' | 'sliding';
  readonly over: Over;
  readonly measure: Measure;
  /** Whose calendar a tumbling window follows. */
  readonly timezone: string;
  /** How far an event's own time may be from its append time for it to count, in milliseconds. */
  readonly latenessMs: number;
  /** Whose events count, in the order of their names. */
  readonly streams: readonly string[];
};

const HOUR_MS = 3_600_000;
const DAY_MS = 24 * HOUR_MS;
const lengths: Readonly<Record<Over, number>> = { '1h': HOUR_MS, '1d': DAY_MS, '7d': 7 * DAY_MS, '30d': 30 * DAY_MS };
const DEFAULT_LATENESS: Readonly<Record<Over, number>> = {
  '1h': 10 * 60_000,
  '1d': DAY_MS,
  '7d': DAY_MS,
  '30d': DAY_MS,
};

export const lengthOf = (over: Over): number => lengths[over];

export const defaultLateness = (over: Over): number => DEFAULT_LATENESS[over];

/** The same for windows that hold the same events and measure the same, whatever rules call them. */
export const windowKey = ({ kind, over, measure, timezone, latenessMs, streams }: Window): string =>
  JSON.stringify([kind, over, measure, kind === 'tumbling' ? timezone : '', latenessMs, streams]);

/** The longest that clocks of a zone have been set at once, and then some. */
const CALENDAR_SLACK_MS = DAY_MS;

/** How far before an event's own time one that shares a window with it can lie. */
export const reachOf = ({ kind, over }: Window): number =>
  lengthOf(over) + (kind === 'tumbling' ? CALENDAR_SLACK_MS : 0);

/**
 * How far before an event's append time an entry can have been appended and still count in the event's window: each of the two
 * may be off by the lateness.
 */
export const horizonOf = (window: Window): number => reachOf(window) + 2 * window.latenessMs;
