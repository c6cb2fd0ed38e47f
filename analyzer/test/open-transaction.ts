import { randomUUID } from 'node:crypto';
import type { LaneRecord } from '@millrace/core/stream/create-producer';
import { onTestFinished } from 'vitest';
import type { OwnStream } from './own-stream.ts';

/** The broker ends a transaction by itself after this. */
const LONG_MS = 300_000;

/** Appends records that nobody can read until they are committed. */
export async function openTransaction(
  { kafka, stream: { topic } }: OwnStream,
  records: readonly LaneRecord[],
): Promise<{ commit(): Promise<void> }> {
  const producer = await kafka.openTransactionalProducer(`${topic}-${randomUUID()}`, LONG_MS);
  onTestFinished(() => producer.close());
  const transaction = await producer.begin();
  await transaction.send(topic, records);
  return { commit: transaction.commit };
}
