import type { LogLevel } from '@millrace/core/log/create-log';
import type { Stream } from '@millrace/core/schema/stream';
import type { UnreadablePartition } from '@millrace/core/stream/unreadable-partitions';
import type { ReadBlock } from './read-block.ts';
import type { PartitionStart } from './read-topics.ts';

/** The first message to the reading thread: what it is to read. */
export type ReaderSettings = {
  readonly brokers: readonly string[];
  readonly registryUrl: string;
  readonly groupId: string;
  readonly logLevel: LogLevel;
  readonly streams: readonly Stream[];
  readonly starts: readonly PartitionStart[];
};

/** From the reading thread. A `read` is answered with `taken`, when the partition may be read on. */
export type FromReader =
  | { readonly kind: 'started' }
  | {
      readonly kind: 'read';
      readonly id: number;
      readonly topic: string;
      readonly partition: number;
      readonly read: ReadBlock;
    }
  | { readonly kind: 'skipped'; readonly topic: string; readonly partition: number; readonly nextOffset: bigint }
  | { readonly kind: 'unreadable'; readonly partitions: readonly UnreadablePartition[] }
  | { readonly kind: 'writer'; readonly topic: string; readonly schemaId: number }
  | { readonly kind: 'changed'; readonly topic: string; readonly reason: string }
  | { readonly kind: 'failed'; readonly error: unknown }
  | { readonly kind: 'closed' };

/** To the reading thread. */
export type ToReader =
  | { readonly kind: 'taken'; readonly id: number }
  | { readonly kind: 'pause' | 'resume'; readonly topic: string; readonly partition: number }
  | { readonly kind: 'close' };
