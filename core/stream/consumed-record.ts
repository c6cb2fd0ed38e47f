import type { TraceContext } from '../trace/trace-context.ts';
import type { RecordHeaders } from './record-headers.ts';

export type ConsumedRecord = {
  readonly offset: bigint;
  readonly key: Buffer | null;
  readonly value: Buffer | null;
  readonly headers: RecordHeaders;
  /** Milliseconds since the epoch, by the broker's clock. */
  readonly appendTime: number;
  /** What its `traceparent` header says, for a consumer that asks for `traces`. */
  readonly trace?: TraceContext | undefined;
};
