import type { Config } from '@millrace/core/config/read-config';
import type { Stream } from '@millrace/core/schema/stream';
import type { Verdict } from '@millrace/core/service/health';

/** The first message to the writing thread. */
export type WriterSettings = { readonly config: Config; readonly streams: readonly Stream[] };

/** What happens to records while they are stored, as the main thread is told of it. */
type Happenings = {
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

/** Is told what happens. */
export type WriterEvents = { readonly [Name in keyof Happenings]: (...of: Happenings[Name]) => void };

export type Told<Names extends keyof Happenings = keyof Happenings> = {
  [Name in Names]: { readonly kind: 'told'; readonly name: Name; readonly of: Happenings[Name] };
}[Names];

/** From the writing thread. */
export type FromWriter =
  | { readonly kind: 'started' }
  | Told
  | { readonly kind: 'verdict'; readonly id: number; readonly verdict: Verdict }
  | { readonly kind: 'failed'; readonly error: unknown };

/** To the writing thread. A `check` is answered with a `verdict`. */
export type ToWriter = { readonly kind: 'check'; readonly id: number } | { readonly kind: 'close' };
