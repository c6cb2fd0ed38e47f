// Made from schemas/ticketing/ticketed-events.avsc by `npm run generate`.

/** One event that tickets are sold for. As Millrace writes it. */
export type TicketedEvents = {
  /** The vendor's id of the event. */
  readonly ticketed_event_id: string;
  /** What the event is called. */
  readonly name: string;
  /** When it starts. An RFC 3339 time. */
  readonly starts_at: string;
  /** When it ends, where that is known. An RFC 3339 time. */
  readonly ends_at?: string | null;
  /** How many it has room for; null where there is no limit. */
  readonly capacity?: number | null;
  /** Since when the vendor no longer has the event; null while it does. An RFC 3339 time. */
  readonly stale_since?: string | null;
  /** Why it is stale, such as absent; null while it is not. */
  readonly stale_reason?: string | null;
  /** Identifies the event: sending it again with the same id changes nothing. Made for you if left out. */
  readonly event_id?: string;
};

/** The same as it is read back: every field, with those that Millrace adds. */
export type TicketedEventsRow = {
  /** The vendor's id of the event. */
  readonly ticketed_event_id: string;
  /** What the event is called. */
  readonly name: string;
  /** When it starts. An RFC 3339 time. */
  readonly starts_at: string;
  /** When it ends, where that is known. An RFC 3339 time. */
  readonly ends_at: string | null;
  /** How many it has room for; null where there is no limit. */
  readonly capacity: number | null;
  /** Since when the vendor no longer has the event; null while it does. An RFC 3339 time. */
  readonly stale_since: string | null;
  /** Why it is stale, such as absent; null while it is not. */
  readonly stale_reason: string | null;
  /** Identifies the event; a repeat of it has the same one. A UUID. */
  readonly event_id: string;
  /** W3C trace id of the request that brought the event, 32 hex digits. */
  readonly trace_id: string;
  /** Who brought the event: a client or a connector. */
  readonly source: string;
  /** When Millrace took the event in. An RFC 3339 time. */
  readonly ingested_at: string;
};
