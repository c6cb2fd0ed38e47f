// Made from schemas/fitness/running.avsc by `npm run generate`.

/** One finished run. As it is posted to /stats/running. */
export type Running = {
  /** Who ran. A UUID. */
  readonly user_id: string;
  /** How long the run took. Unit: s. */
  readonly duration: number;
  /** How far it went. Unit: m. */
  readonly distance: number;
  /** When it ended. An RFC 3339 time. */
  readonly timestamp: string;
  /** Identifies the event: sending it again with the same id changes nothing. Made for you if left out. */
  readonly event_id?: string;
};

/** The same as it is read back: every field, with those that Millrace adds. */
export type RunningRow = {
  /** Who ran. A UUID. */
  readonly user_id: string;
  /** How long the run took. Unit: s. */
  readonly duration: number;
  /** How far it went. Unit: m. */
  readonly distance: number;
  /** When it ended. An RFC 3339 time. */
  readonly timestamp: string;
  /** Identifies the event; a repeat of it has the same one. A UUID. */
  readonly event_id: string;
  /** W3C trace id of the request that brought the event, 32 hex digits. */
  readonly trace_id: string;
  /** Who brought the event: a client or a connector. */
  readonly source: string;
  /** When Millrace took the event in. An RFC 3339 time. */
  readonly ingested_at: string;
};
