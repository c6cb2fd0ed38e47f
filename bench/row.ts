import type { Log } from '@millrace/core/log/create-log';

/** The real parts that a row runs against, shared by all rows of a run. */
export type BenchContext = {
  readonly kafkaBrokers: readonly string[];
  readonly registryUrl: string;
  readonly databaseUrl: string;
  readonly log: Log;
  /** How long a soak takes. */
  readonly soakMinutes: number;
};

/** One line of the table: ours beside the raw part, measured in the same run on the same machine. */
export type RowResult = {
  /** What was measured, e.g. `single POST, acks=all, 64 connections`. */
  readonly name: string;
  /** What it is compared with, e.g. `bare node:http handler parsing the same JSON`. */
  readonly rawName: string;
  readonly raw: number;
  readonly ours: number;
  /** Of both figures, e.g. `requests/s` or `ms p50`. */
  readonly unit: string;
  /** The ratio ours / raw that must be reached; for times, the one that must not be passed. */
  readonly bar: number;
  /** Times are better lower; left out, higher is better. */
  readonly better?: 'lower';
  /** The most memory of the measured service under this load. */
  readonly residentMegabytes?: number;
  /** The longest that its event loop was held up, at the 99th percentile. */
  readonly loopDelayP99Ms?: number;
  /** What a million records take on disk. */
  readonly diskMegabytes?: number;
  readonly notes: readonly string[];
};

/** A row's work may give several lines of the table. */
export type Row = (context: BenchContext) => Promise<RowResult | readonly RowResult[]>;

export const ratioOf = ({ ours, raw }: RowResult): number => ours / raw;

export function isMet(result: RowResult): boolean {
  return result.better === 'lower' ? ratioOf(result) <= result.bar : ratioOf(result) >= result.bar;
}
