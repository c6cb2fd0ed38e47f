import type { Log } from '@millrace/core/log/create-log';

/** Anything that JSON holds: a cursor is kept as it is given. */
export type Json = null | boolean | number | string | readonly Json[] | { readonly [name: string]: Json };

/** What fills one stream, such as the customers of a vendor. */
export type Entity = {
  /** `customers`: its name within its connector. */
  readonly name: string;
  /** The stream's name. */
  readonly stream: string;
  /** Whether it can be read for a range of dates. */
  readonly hasRanges: boolean;
  /**
   * Whether every read gives each scope whole, or says that it is unchanged: no read is incremental. Its cursor only spares the reading: an
   * object with what `complete` and `incomplete` gave of each part, by its name.
   */
  readonly readsWhole?: boolean;
};

/** The read scope: what a read covers. Only rows inside it can become stale. */
export type Scope =
  | { readonly kind: 'all' }
  /** A part that is complete for itself, such as one provider of listings. */
  | { readonly kind: 'part'; readonly part: string }
  /** Dates as `2026-03-14`, half-open. */
  | { readonly kind: 'range'; readonly from: string; readonly to: string }
  | { readonly kind: 'one'; readonly id: string };

/** Why a row became stale: what the vendor no longer has, or what is over. Those that have `ended` do not count for the cap. */
export const staleReasons = ['absent', 'withdrawn', 'ended'] as const;
export type StaleReason = (typeof staleReasons)[number];

export type ReadItem =
  /** A row as the stream's POST route would take it, with its key. */
  | {
      readonly kind: 'record';
      readonly id: string;
      readonly value: { readonly [name: string]: Json };
      readonly at: string;
    }
  /** A part of the source that was skipped. It counts as seen where its id is known. */
  | {
      readonly kind: 'rejected';
      readonly id: string | undefined;
      /** Its place in the source, such as `page 3, row 17` or `line 812`. */
      readonly at: string;
      readonly pointer: string;
      readonly reason: string;
      /** The part that it is of, where scopes are parts: without an id, it keeps rows of no other part from being missed. */
      readonly part?: string;
    }
  /** All before it has been read: kept once Kafka has acknowledged all before it. */
  | { readonly kind: 'checkpoint'; readonly cursor: Json }
  | { readonly kind: 'progress'; readonly done: number; readonly total: number | undefined }
  /** Everything of the scope was seen: the last page, the vendor's count, no cap reached. */
  | {
      readonly kind: 'complete';
      readonly scope: Scope;
      /** `unchanged`: no row was given, as the vendor says that nothing changed since the last complete read. `all`, if left out. */
      readonly seen?: 'all' | 'unchanged';
      /** How many records were given of the scope, by a connector that counts them: it spares the frame a look whether there was any. */
      readonly records?: number;
      /** What the next read of this part asks with, for an entity that reads whole: kept once what this one missed is counted. */
      readonly cursor?: Json | undefined;
    }
  /** The scope was not seen whole, and why. Nothing of it becomes stale. */
  | {
      readonly kind: 'incomplete';
      readonly scope: Scope;
      readonly reason: string;
      /** What the next read of this part asks with, for an entity that reads whole and of which nothing was read. */
      readonly cursor?: Json | undefined;
    };

export type ReadRequest = {
  readonly entity: Entity;
  readonly scope: Scope;
  /** Where the last read ended; undefined for a full read. */
  readonly cursor: Json | undefined;
  /** A call of the vendor, with the connector's budget, retries and breaker. Rejects with a `VendorFault`. */
  readonly call: Call;
  readonly log: Log;
  readonly signal: AbortSignal;
};

/** `fetch` as the frame lets a connector use it: counted, limited, retried, aborted with the run. */
export type Call = (url: string, init?: RequestInit) => Promise<Response>;

export type CheckResult = { readonly ok: boolean; readonly detail: string };

/** One vendor: a folder that says what it has and how it is read. Everything else is the frame's. */
export type Connector = {
  readonly name: string;
  readonly entities: readonly Entity[];
  /** Calls of the vendor that are allowed, for all replicas together. */
  readonly budget: { readonly perSecond: number; readonly perDay: number };
  /** The schedule that `SYNC_SCHEDULE` does not give: a cron expression, or undefined for none. */
  readonly schedule: string | undefined;
  /** Identifies the credentials and filters that a read depends on, without holding any: what another read saw under others says nothing. */
  fingerprint(entity: Entity): string;
  /** Tries credentials and reach; changes nothing. */
  check(call: Call, signal: AbortSignal): Promise<CheckResult>;
  /** Entities that the vendor has beside those that are declared; most vendors have none. */
  discover(call: Call, signal: AbortSignal): Promise<readonly Entity[]>;
  /** Ends with one `complete` or `incomplete` for each scope that it covered. */
  read(request: ReadRequest): AsyncIterable<ReadItem>;
  /** Why a row that is absent is stale, by what was last known of it; `absent` for a connector that gives no reason of its own. */
  staleReason?(entity: Entity, row: { readonly [name: string]: Json }): StaleReason;
  /** Whether a row, by what was last known of it, lies in a `part` or `range`. Without it nothing of such a scope becomes stale. */
  covers?(entity: Entity, scope: Scope, row: { readonly [name: string]: Json }): boolean;
  /** How many calls a read of an entity takes at most, by the rows known of it: a run that today's budget can't pay does not start. */
  expectedCalls?(entity: Entity, scope: Scope, knownRows: number): number;
  /** The last day of the credentials, as `2026-03-14`, where they have one. */
  lastDay?(): Promise<string | undefined>;
};
