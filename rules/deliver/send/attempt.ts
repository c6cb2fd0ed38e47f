/** One try to hand an event over, and what came of it. */
export type Attempt = {
  /** Milliseconds since the epoch. */
  readonly at: number;
  readonly durationMs: number;
  /** Undefined where there was no answer. */
  readonly status: number | undefined;
  /** Undefined where the endpoint accepted the event. */
  readonly error: string | undefined;
  /** The beginning of what the endpoint answered; undefined where that is nothing to read. */
  readonly response: string | undefined;
  /** How long the endpoint asks to be left alone. */
  readonly retryAfterMs: number | undefined;
  /** Whether the endpoint asked for no more events, by 410. */
  readonly isGone: boolean;
};
