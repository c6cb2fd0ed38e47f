import type { Config } from '@millrace/core/config/read-config';
import type { Stream } from '@millrace/core/schema/stream';
import type { Verdict } from '@millrace/core/service/health';

/** The first message to the writing thread. */
export type WriterSettings = { readonly config: Config; readonly streams: readonly Stream[] };

/** What the writing thread reports, by name, with its arguments. */
type Reports = {
  /** A transaction was committed: with these rows, and dead letters of these codes. */
  stored: [
    done: {
      readonly stream: string;
      readonly rows: number;
      readonly deadLetters: readonly string[];
      readonly seconds: number;
    },
  ];
  /** A transaction is tried again. */
  retried: [];
  /** A partition is read again from its start. */
  replaced: [topic: string];
  /** Offsets were removed from a topic before they were stored. */
  missed: [topic: string, offsets: number];
  /** Rows of a stream were removed, as they were older than its `row_retention`. */
  expired: [stream: string, rows: number];
  /** The lag of each partition assigned here, where it is known. */
  lags: [known: readonly PartitionRecords[]];
  /** How many partitions stand at what can't be read. */
  unreadable: [partitions: number];
};

export type PartitionRecords = { readonly topic: string; readonly partition: number; readonly records: number };

/** Takes the reports. */
export type WriterEvents = { readonly [Name in keyof Reports]: (...of: Reports[Name]) => void };

export type Report<Names extends keyof Reports = keyof Reports> = {
  [Name in Names]: { readonly kind: 'report'; readonly name: Name; readonly of: Reports[Name] };
}[Names];

/** From the writing thread. */
export type FromWriter =
  | { readonly kind: 'started' }
  | Report
  | { readonly kind: 'verdict'; readonly id: number; readonly verdict: Verdict }
  | { readonly kind: 'failed'; readonly error: unknown };

/** To the writing thread. A `check` is answered with a `verdict`. */
export type ToWriter = { readonly kind: 'check'; readonly id: number } | { readonly kind: 'close' };
