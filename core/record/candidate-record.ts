import type { Fault } from '../problem/problem.ts';

/** One record as a client or a connector sends it, not yet validated. */
export type CandidateRecord = {
  readonly input: unknown;
  /** Where `input` stands in what the client sent: `/data` in a CloudEvent, else ''. */
  readonly at: string;
  /** Found before validation: a line that is not JSON, a CloudEvent without its attributes. */
  readonly faults?: readonly Fault[];
  /** Says who the event is, unless the record has an `event_id` of its own. */
  readonly eventId?: string;
  /** Who brought it, where that is not the client itself; never of a client that is known by its token. */
  readonly source?: string;
};

/** What a request says about all of its records. */
export type RequestContext = {
  readonly traceId: string;
  readonly traceparent: string;
  readonly source: string;
};
