// Made from schemas/ticketing/parking-passes.avsc by `npm run generate`.

/** One parking pass that was issued for an event. As Millrace writes it. */
export type ParkingPasses = {
  /** The vendor's id of the pass. */
  readonly pass_id: string;
  /** The event that it is for. */
  readonly ticketed_event_id: string;
  /** Where it lets one park. */
  readonly pass_type: string;
  /** What it cost, where that is known. A decimal of 12 digits, 2 of them after the point. */
  readonly cost?: string | number | null;
  /** When it was issued. An RFC 3339 time. */
  readonly issued_at: string;
  /** Since when the vendor no longer has the pass; null while it does. An RFC 3339 time. */
  readonly stale_since?: string | null;
  /** Why it is stale, such as absent; null while it is not. */
  readonly stale_reason?: string | null;
  /** Identifies the event: sending it again with the same id changes nothing. Made for you if left out. */
  readonly event_id?: string;
};

/** The same as it is read back: every field, with those that Millrace adds. */
export type ParkingPassesRow = {
  /** The vendor's id of the pass. */
  readonly pass_id: string;
  /** The event that it is for. */
  readonly ticketed_event_id: string;
  /** Where it lets one park. */
  readonly pass_type: string;
  /** What it cost, where that is known. A decimal of 12 digits, 2 of them after the point. */
  readonly cost: string | null;
  /** When it was issued. An RFC 3339 time. */
  readonly issued_at: string;
  /** Since when the vendor no longer has the pass; null while it does. An RFC 3339 time. */
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
