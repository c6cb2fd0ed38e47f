// Made from schemas/rewards/events.avsc by `npm run generate`.

/** Something that an account did. As it is posted to /v1/events. */
export type Events = {
  /** Who did it. */
  readonly account_id: string;
  /** What kind of event it is. */
  readonly type: string;
  /** How much it was, in whatever its type counts in. */
  readonly amount?: number | null;
  /** What else rules may ask about it, by name. */
  readonly attributes?: { readonly [name: string]: string };
  /** When it happened. An RFC 3339 time. When left out: the time of its arrival. */
  readonly occurred_at?: string;
  /** Identifies the event: sending it again with the same id changes nothing. Made for you if left out. */
  readonly event_id?: string;
};

/** The same as it is read back: every field, with those that Millrace adds. */
export type EventsRow = {
  /** Who did it. */
  readonly account_id: string;
  /** What kind of event it is. */
  readonly type: string;
  /** How much it was, in whatever its type counts in. */
  readonly amount: number | null;
  /** What else rules may ask about it, by name. */
  readonly attributes: { readonly [name: string]: string };
  /** When it happened. An RFC 3339 time. */
  readonly occurred_at: string;
  /** Identifies the event; a repeat of it has the same one. A UUID. */
  readonly event_id: string;
  /** W3C trace id of the request that brought the event, 32 hex digits. */
  readonly trace_id: string;
  /** Who brought the event: a client or a connector. */
  readonly source: string;
  /** When Millrace took the event in. An RFC 3339 time. */
  readonly ingested_at: string;
};
