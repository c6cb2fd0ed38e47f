// Made from schemas/listings/listings.avsc by `npm run generate`.

/** One base plan of a provider: what is on, with its plans and their zones. As Millrace writes it. */
export type Listings = {
  /** The provider's name and the base plan's id, joined by a colon. */
  readonly listing_id: string;
  /** The provider's name, as LISTING_PROVIDERS gives it. */
  readonly provider: string;
  /** The base plan's own id. */
  readonly base_plan_id: string;
  /** What it is called. */
  readonly title?: string | null;
  /** How it is sold, as the provider says it. */
  readonly sell_mode?: string | null;
  /** Who organizes it, by the provider's own id. */
  readonly organizer_company_id?: string | null;
  /** The time zone of every time of the record. No time is converted. */
  readonly time_zone: string;
  /** The first start of its plans that is a date, by the provider's clock. */
  readonly starts_at?: string | null;
  /** The last end of its plans that is a date, by the provider's clock: from then on it has ended. */
  readonly ends_at?: string | null;
  /** Its plans, in the order of the feed. */
  readonly plans: readonly ListingPlan[];
  /** Since when complete reads no longer have it; null while they do. An RFC 3339 time. */
  readonly stale_since?: string | null;
  /** Why it is stale: `ended` once its end has passed, `withdrawn` while it was still to come; null while it is not. */
  readonly stale_reason?: string | null;
  /** Identifies the event: sending it again with the same id changes nothing. Made for you if left out. */
  readonly event_id?: string;
};

/** The same as it is read back: every field, with those that Millrace adds. */
export type ListingsRow = {
  /** The provider's name and the base plan's id, joined by a colon. */
  readonly listing_id: string;
  /** The provider's name, as LISTING_PROVIDERS gives it. */
  readonly provider: string;
  /** The base plan's own id. */
  readonly base_plan_id: string;
  /** What it is called. */
  readonly title: string | null;
  /** How it is sold, as the provider says it. */
  readonly sell_mode: string | null;
  /** Who organizes it, by the provider's own id. */
  readonly organizer_company_id: string | null;
  /** The time zone of every time of the record. No time is converted. */
  readonly time_zone: string;
  /** The first start of its plans that is a date, by the provider's clock. */
  readonly starts_at: string | null;
  /** The last end of its plans that is a date, by the provider's clock: from then on it has ended. */
  readonly ends_at: string | null;
  /** Its plans, in the order of the feed. */
  readonly plans: readonly ListingPlanRow[];
  /** Since when complete reads no longer have it; null while they do. An RFC 3339 time. */
  readonly stale_since: string | null;
  /** Why it is stale: `ended` once its end has passed, `withdrawn` while it was still to come; null while it is not. */
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

/** One date on which it takes place. */
export type ListingPlan = {
  /** The plan's own id. Two base plans may have a plan of one id: they are two plans. */
  readonly plan_id: string;
  /** Its own title, or that of the base plan. */
  readonly title?: string | null;
  /** Whether it is sold online now: by its own sell mode, or that of the base plan. */
  readonly is_online: boolean;
  /** Whether the provider says that it is sold out. */
  readonly sold_out?: boolean | null;
  /** When it starts, as the provider gives it, even where there is no such date. */
  readonly starts_at?: string | null;
  /** When it ends, as the provider gives it, even where there is no such date. */
  readonly ends_at?: string | null;
  /** The date of its start; null where the calendar does not have it. */
  readonly start_date?: string | null;
  /** The time of its start; null where none is given. */
  readonly start_time?: string | null;
  /** The date of its end; null where the calendar does not have it. */
  readonly end_date?: string | null;
  /** The time of its end; null where none is given. */
  readonly end_time?: string | null;
  /** When its sale begins, as given. */
  readonly sell_from?: string | null;
  /** When its sale ends, as given. */
  readonly sell_to?: string | null;
  /** The lowest price of its zones; null where none has a price. A decimal of 12 digits, 2 of them after the point. */
  readonly min_price?: string | number | null;
  /** The highest price of its zones; null where none has a price. A decimal of 12 digits, 2 of them after the point. */
  readonly max_price?: string | number | null;
  /** Its zones, in the order of the feed. */
  readonly zones: readonly ListingZone[];
};

export type ListingPlanRow = {
  /** The plan's own id. Two base plans may have a plan of one id: they are two plans. */
  readonly plan_id: string;
  /** Its own title, or that of the base plan. */
  readonly title: string | null;
  /** Whether it is sold online now: by its own sell mode, or that of the base plan. */
  readonly is_online: boolean;
  /** Whether the provider says that it is sold out. */
  readonly sold_out: boolean | null;
  /** When it starts, as the provider gives it, even where there is no such date. */
  readonly starts_at: string | null;
  /** When it ends, as the provider gives it, even where there is no such date. */
  readonly ends_at: string | null;
  /** The date of its start; null where the calendar does not have it. */
  readonly start_date: string | null;
  /** The time of its start; null where none is given. */
  readonly start_time: string | null;
  /** The date of its end; null where the calendar does not have it. */
  readonly end_date: string | null;
  /** The time of its end; null where none is given. */
  readonly end_time: string | null;
  /** When its sale begins, as given. */
  readonly sell_from: string | null;
  /** When its sale ends, as given. */
  readonly sell_to: string | null;
  /** The lowest price of its zones; null where none has a price. A decimal of 12 digits, 2 of them after the point. */
  readonly min_price: string | null;
  /** The highest price of its zones; null where none has a price. A decimal of 12 digits, 2 of them after the point. */
  readonly max_price: string | null;
  /** Its zones, in the order of the feed. */
  readonly zones: readonly ListingZoneRow[];
};

/** A part of the place, at one price. */
export type ListingZone = {
  /** The zone's own id. It stands twice where the zone has two prices. */
  readonly zone_id: string;
  /** What it is called. */
  readonly name?: string | null;
  /** How many places it has. */
  readonly capacity?: number | null;
  /** Its price; null where the provider gives none, or one below zero. A decimal of 12 digits, 2 of them after the point. */
  readonly price?: string | number | null;
  /** Whether its seats are numbered. */
  readonly numbered?: boolean | null;
};

export type ListingZoneRow = {
  /** The zone's own id. It stands twice where the zone has two prices. */
  readonly zone_id: string;
  /** What it is called. */
  readonly name: string | null;
  /** How many places it has. */
  readonly capacity: number | null;
  /** Its price; null where the provider gives none, or one below zero. A decimal of 12 digits, 2 of them after the point. */
  readonly price: string | null;
  /** Whether its seats are numbered. */
  readonly numbered: boolean | null;
};
