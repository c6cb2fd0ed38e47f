// Made from schemas/rewards/rules.avsc by `npm run generate`.

/** One rule as it is in force from here on: each record is a version or a change of mode, a tombstone its end. As Millrace writes it. */
export type Rules = {
  /** Identifies the rule through all of its versions. */
  readonly rule_id: string;
  /** Counts the definitions of the rule from 1. A change of mode alone keeps it. */
  readonly version: number;
  /** What the rule is called. */
  readonly name: string;
  /** What it emits: won events or anomalies. */
  readonly kind: 'win' | 'anomaly';
  /** Whose records it evaluates, by the streams' names. */
  readonly streams: readonly string[];
  /** Its windows by name, as its condition reads them. */
  readonly windows?: { readonly [name: string]: RuleWindow };
  /** Its condition, in CEL over `event`, `account` and `windows`. */
  readonly when: string;
  /** `on` emits, `shadow` only says what it would have emitted, `off` does nothing. */
  readonly mode?: 'on' | 'shadow' | 'off';
  /** Why the service itself turned the rule off; null where somebody chose the mode. */
  readonly mode_reason?: string | null;
  /** From when in history it is evaluated; null is from its creation on. An RFC 3339 time. */
  readonly effective_from?: string | null;
  /** How often it is evaluated without a record, such as `15m`; null is never. */
  readonly every?: string | null;
  /** When its first version was made. An RFC 3339 time. */
  readonly created_at: string;
  /** When this record was made. An RFC 3339 time. */
  readonly updated_at: string;
  /** Identifies the event: sending it again with the same id changes nothing. Made for you if left out. */
  readonly event_id?: string;
};

/** The same as it is read back: every field, with those that Millrace adds. */
export type RulesRow = {
  /** Identifies the rule through all of its versions. */
  readonly rule_id: string;
  /** Counts the definitions of the rule from 1. A change of mode alone keeps it. */
  readonly version: number;
  /** What the rule is called. */
  readonly name: string;
  /** What it emits: won events or anomalies. */
  readonly kind: 'win' | 'anomaly';
  /** Whose records it evaluates, by the streams' names. */
  readonly streams: readonly string[];
  /** Its windows by name, as its condition reads them. */
  readonly windows: { readonly [name: string]: RuleWindowRow };
  /** Its condition, in CEL over `event`, `account` and `windows`. */
  readonly when: string;
  /** `on` emits, `shadow` only says what it would have emitted, `off` does nothing. */
  readonly mode: 'on' | 'shadow' | 'off';
  /** Why the service itself turned the rule off; null where somebody chose the mode. */
  readonly mode_reason: string | null;
  /** From when in history it is evaluated; null is from its creation on. An RFC 3339 time. */
  readonly effective_from: string | null;
  /** How often it is evaluated without a record, such as `15m`; null is never. */
  readonly every: string | null;
  /** When its first version was made. An RFC 3339 time. */
  readonly created_at: string;
  /** When this record was made. An RFC 3339 time. */
  readonly updated_at: string;
  /** Identifies the event; a repeat of it has the same one. A UUID. */
  readonly event_id: string;
  /** W3C trace id of the request that brought the event, 32 hex digits. */
  readonly trace_id: string;
  /** Who brought the event: a client or a connector. */
  readonly source: string;
  /** When Millrace took the event in. An RFC 3339 time. */
  readonly ingested_at: string;
};

/** What is measured over a span of event time. */
export type RuleWindow = {
  /** How long it is: `1h`, `1d`, `7d` or `30d`. */
  readonly over: string;
  /** Whether windows follow one another, or one ends at each record. */
  readonly kind: 'tumbling' | 'sliding';
  /** `count`, or `sum`, `avg`, `min`, `max` or `distinct` of a field. */
  readonly measure: string;
  /** Whose days tumbling windows begin with. */
  readonly timezone?: string;
  /** How far apart event time and append time may be; null is the default of its length. */
  readonly lateness?: string | null;
};

export type RuleWindowRow = {
  /** How long it is: `1h`, `1d`, `7d` or `30d`. */
  readonly over: string;
  /** Whether windows follow one another, or one ends at each record. */
  readonly kind: 'tumbling' | 'sliding';
  /** `count`, or `sum`, `avg`, `min`, `max` or `distinct` of a field. */
  readonly measure: string;
  /** Whose days tumbling windows begin with. */
  readonly timezone: string;
  /** How far apart event time and append time may be; null is the default of its length. */
  readonly lateness: string | null;
};
