// Made from schemas/ticketing/customers.avsc by `npm run generate`.

/** One customer, as the ticketing vendor has them. As Millrace writes it. */
export type Customers = {
  /** The vendor's id of the customer. */
  readonly customer_id: string;
  /** Given names. */
  readonly first_name?: string | null;
  /** The family name, or an organisation's name. */
  readonly last_name?: string | null;
  /** The primary e-mail address. */
  readonly email?: string | null;
  /** The primary phone number, as it was written down. */
  readonly phone?: string | null;
  /** Street and number; lines are parted by line feeds. */
  readonly address_lines?: string | null;
  /** The city. */
  readonly city?: string | null;
  /** The state or province. */
  readonly state?: string | null;
  /** The postal code. */
  readonly postal_code?: string | null;
  /** Since when the vendor no longer has the customer; null while it does. An RFC 3339 time. */
  readonly stale_since?: string | null;
  /** Why it is stale, such as absent; null while it is not. */
  readonly stale_reason?: string | null;
  /** Identifies the event: sending it again with the same id changes nothing. Made for you if left out. */
  readonly event_id?: string;
};

/** The same as it is read back: every field, with those that Millrace adds. */
export type CustomersRow = {
  /** The vendor's id of the customer. */
  readonly customer_id: string;
  /** Given names. */
  readonly first_name: string | null;
  /** The family name, or an organisation's name. */
  readonly last_name: string | null;
  /** The primary e-mail address. */
  readonly email: string | null;
  /** The primary phone number, as it was written down. */
  readonly phone: string | null;
  /** Street and number; lines are parted by line feeds. */
  readonly address_lines: string | null;
  /** The city. */
  readonly city: string | null;
  /** The state or province. */
  readonly state: string | null;
  /** The postal code. */
  readonly postal_code: string | null;
  /** Since when the vendor no longer has the customer; null while it does. An RFC 3339 time. */
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
