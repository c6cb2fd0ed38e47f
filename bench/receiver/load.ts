export type LoadOptions = {
  readonly url: string;
  readonly connections: number;
  readonly seconds: number;
  /** Sent in turn. */
  readonly bodies: readonly string[];
  /** Sent with each request. */
  readonly bearer?: string | undefined;
};

/** Latencies in milliseconds. */
export type Load = { readonly perSecond: number; readonly p50: number; readonly p99: number };
