import type { Config } from '@millrace/core/config/read-config';
import type { Stream } from '@millrace/core/schema/stream';
import type { Verdict } from '@millrace/core/service/health';

/** The first message to the writing thread. */
export type WriterSettings = { readonly config: Config; readonly streams: readonly Stream[] };

/** Takes what the writing thread reports. */
export type WriterEvents = {
  /** A transaction was committed: with these rows, and dead letters of these codes. */
  readonly stored: (done: {
    readonly stream: string;
    readonly rows: number;
    readonly deadLetters: readonly string[];
    readonly seconds: number;
  }) => void;
  /** A transaction is tried again. */
  readonly retried: () => void;
  /** A partition is read again from its start. */
  readonly replaced: (topic: string) => void;
  /** Offsets were removed from a topic before they were stored. */
  readonly missed: (topic: string, offsets: number) => void;
  /** Rows of a stream were removed, as they were older than its `row_retention`. */
  readonly expired: (stream: string, rows: number) => void;
  /** The lag of each partition assigned here, where it is known. */
  readonly lags: (known: readonly PartitionRecords[]) => void;
  /** How many partitions stand at what can't be read. */
  readonly unreadable: (partitions: number) => void;
};

export type PartitionRecords = { readonly topic: string; readonly partition: number; readonly records: number };

export type WriterAnswers = {
  /** Whether records are stored as they come. */
  readonly check: () => Promise<Verdict>;
};
