// Made from schemas/rewards/accounts.avsc by `npm run generate`.

/** One account: who events are about and who wins. As it is posted to /v1/accounts. */
export type Accounts = {
  /** Identifies the account. It is compared exactly: a `user_id` of other streams is a uuid in lower case. When left out: a new uuid. */
  readonly account_id?: string;
  /** What the account is called. */
  readonly name: string;
  /** Where it is written to. */
  readonly email?: string | null;
  /** Whether it is in use. A closed one may become active again. */
  readonly status?: 'active' | 'closed';
  /** What else rules may ask about it, by name. */
  readonly attributes?: { readonly [name: string]: string };
  /** When it was created. A later record of the account that leaves it out has its own time. An RFC 3339 time. When left out: the time of its arrival. */
  readonly created_at?: string;
  /** Identifies the event: sending it again with the same id changes nothing. Made for you if left out. */
  readonly event_id?: string;
};

/** The same as it is read back: every field, with those that Millrace adds. */
export type AccountsRow = {
  /** Identifies the account. It is compared exactly: a `user_id` of other streams is a uuid in lower case. */
  readonly account_id: string;
  /** What the account is called. */
  readonly name: string;
  /** Where it is written to. */
  readonly email: string | null;
  /** Whether it is in use. A closed one may become active again. */
  readonly status: 'active' | 'closed';
  /** What else rules may ask about it, by name. */
  readonly attributes: { readonly [name: string]: string };
  /** When it was created. A later record of the account that leaves it out has its own time. An RFC 3339 time. */
  readonly created_at: string;
  /** Identifies the event; a repeat of it has the same one. A UUID. */
  readonly event_id: string;
  /** W3C trace id of the request that brought the event, 32 hex digits. */
  readonly trace_id: string;
  /** Who brought the event: a client or a connector. */
  readonly source: string;
  /** When Millrace took the event in. An RFC 3339 time. */
  readonly ingested_at: string;
};
