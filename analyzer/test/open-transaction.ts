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
  const producer = kafka.producer({
    transactionalId: `${topic}-${randomUUID()}`,
    maxInFlightRequests: 1,
    transactionTimeout: LONG_MS,
  });
  await producer.connect();
  onTestFinished(() => producer.disconnect());
  const transaction = await producer.transaction();
  await transaction.send({ topic, acks: -1, messages: [...records] });
  return { commit: () => transaction.commit() };
}
