// Made from schemas/relay/relay-messages.avsc by `npm run generate`.

/** One message that a client relays. As it is posted to /event. */
export type RelayMessages = {
  /** What kind of message it is. */
  readonly type: string;
  /** What it is about. */
  readonly subject?: string | null;
  /** When its sender sent it. An RFC 3339 time. */
  readonly sent_at: string;
  /** What it says, by name. */
  readonly payload?: { readonly [name: string]: boolean | number | string | null };
  /** Identifies the event: sending it again with the same id changes nothing. Made for you if left out. */
  readonly event_id?: string;
};

/** The same as it is read back: every field, with those that Millrace adds. */
export type RelayMessagesRow = {
  /** What kind of message it is. */
  readonly type: string;
  /** What it is about. */
  readonly subject: string | null;
  /** When its sender sent it. An RFC 3339 time. */
  readonly sent_at: string;
  /** What it says, by name. */
  readonly payload: { readonly [name: string]: boolean | number | string | null };
  /** Identifies the event; a repeat of it has the same one. A UUID. */
  readonly event_id: string;
  /** W3C trace id of the request that brought the event, 32 hex digits. */
  readonly trace_id: string;
  /** Who brought the event: a client or a connector. */
  readonly source: string;
  /** When Millrace took the event in. An RFC 3339 time. */
  readonly ingested_at: string;
};
