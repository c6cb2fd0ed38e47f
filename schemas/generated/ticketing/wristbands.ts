// Made from schemas/ticketing/wristbands.avsc by `npm run generate`.

/** One wristband that was issued for an event. As Millrace writes it. */
export type Wristbands = {
  /** The vendor's id of the wristband. */
  readonly wristband_id: string;
  /** The event that it is for. */
  readonly ticketed_event_id: string;
  /** When it was issued. An RFC 3339 time. */
  readonly issued_at: string;
  /** Since when the vendor no longer has the wristband; null while it does. An RFC 3339 time. */
  readonly stale_since?: string | null;
  /** Why it is stale, such as absent; null while it is not. */
  readonly stale_reason?: string | null;
  /** Identifies the event: sending it again with the same id changes nothing. Made for you if left out. */
  readonly event_id?: string;
};

/** The same as it is read back: every field, with those that Millrace adds. */
export type WristbandsRow = {
  /** The vendor's id of the wristband. */
  readonly wristband_id: string;
  /** The event that it is for. */
  readonly ticketed_event_id: string;
  /** When it was issued. An RFC 3339 time. */
  readonly issued_at: string;
  /** Since when the vendor no longer has the wristband; null while it does. An RFC 3339 time. */
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
