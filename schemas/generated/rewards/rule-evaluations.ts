// Made from schemas/rewards/rule-evaluations.avsc by `npm run generate`.

/** One evaluation of a rule for an account. Of those that were not won a sample is kept. As Millrace writes it. */
export type RuleEvaluations = {
  /** Whom it was evaluated for. */
  readonly account_id: string;
  /** The rule that was evaluated. */
  readonly rule_id: string;
  /** The version of the rule. */
  readonly rule_version: number;
  /** What it was evaluated for: an event's id, or the time of a tick. */
  readonly cause: string;
  /** What came of it; `shadow` would have won. */
  readonly outcome: 'won' | 'not_won' | 'error' | 'shadow';
  /** Why, where more is to be said, such as the fault of a condition that failed. */
  readonly reason?: string | null;
  /** The time that it was evaluated for: the event time of its cause. An RFC 3339 time. */
  readonly evaluated_at: string;
  /** How many won events led to its cause, one through the other. */
  readonly depth: number;
  /** What the condition read: the windows' values and the fields, by name. */
  readonly values?: { readonly [name: string]: boolean | number | string | null };
  /** Identifies the event: sending it again with the same id changes nothing. Made for you if left out. */
  readonly event_id?: string;
};

/** The same as it is read back: every field, with those that Millrace adds. */
export type RuleEvaluationsRow = {
  /** Whom it was evaluated for. */
  readonly account_id: string;
  /** The rule that was evaluated. */
  readonly rule_id: string;
  /** The version of the rule. */
  readonly rule_version: number;
  /** What it was evaluated for: an event's id, or the time of a tick. */
  readonly cause: string;
  /** What came of it; `shadow` would have won. */
  readonly outcome: 'won' | 'not_won' | 'error' | 'shadow';
  /** Why, where more is to be said, such as the fault of a condition that failed. */
  readonly reason: string | null;
  /** The time that it was evaluated for: the event time of its cause. An RFC 3339 time. */
  readonly evaluated_at: string;
  /** How many won events led to its cause, one through the other. */
  readonly depth: number;
  /** What the condition read: the windows' values and the fields, by name. */
  readonly values: { readonly [name: string]: boolean | number | string | null };
  /** Identifies the event; a repeat of it has the same one. A UUID. */
  readonly event_id: string;
  /** W3C trace id of the request that brought the event, 32 hex digits. */
  readonly trace_id: string;
  /** Who brought the event: a client or a connector. */
  readonly source: string;
  /** When Millrace took the event in. An RFC 3339 time. */
  readonly ingested_at: string;
};
