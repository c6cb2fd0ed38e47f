import type { Transaction } from '@millrace/core/database/open-database';
import { bytesLiteral, instantLiteral, textLiteral } from '@millrace/core/database/sql-literal';
import type { DeadLetterHeader } from '@millrace/core/openapi/dead-letter-channel';
import type { Stream } from '@millrace/core/schema/stream';
import type { Batch, ConsumedRecord } from '@millrace/core/stream/consume';
import type { Producer } from '@millrace/core/stream/create-producer';
import { v5 as uuidv5 } from 'uuid';
import { attemptsOf } from './attempts.ts';
import { recordHeaders } from './record-headers.ts';
import type { Rejected } from './rejected.ts';

export type SetAside = (trx: Transaction, batch: Batch, stream: Stream, rejected: readonly Rejected[]) => Promise<void>;

const NAMESPACE = '5d0b9a3e-7f0c-4c0e-9a55-0f6f4b1f6a10';
const REASON_CHARS = 1_000;
const LARGEST_BYTES = 800_000;
const STATEMENT_ROWS = 500;
const STATEMENT_BYTES = 4_000_000;
const COLUMNS =
  'id, stream, topic, topic_partition, record_offset, stage, code, reason, attempts, event_id, record_key, record_value, headers, appended_at, set_aside_at';

/**
 * Puts records into the dead-letter topic, with their raw key and value and, in headers, where they come from and what is
 * wrong; then, in the transaction that moves the offset, into the table that is browsed and redriven from.
 * A transaction that is tried again writes the topic again, but the table once: ids come from the coordinates.
 */
export function createSetAside(producer: Producer): SetAside {
  return async (trx, batch, stream, rejected) => {
    const records = rejected.map((each) => ({
      partition: 0,
      key: each.record.key,
      value: isTooLarge(each.record) ? null : each.record.value,
      headers: {
        ...each.record.headers,
        ...reasonHeaders(batch, each),
        ...(isTooLarge(each.record) && {
          'dead-letter-value': 'in the table dead_letters: too large to be written again',
        }),
      },
    }));
    for (let start = 0; start < records.length; start += STATEMENT_ROWS)
      await producer.produce(stream.deadLetterTopic, records.slice(start, start + STATEMENT_ROWS));
    for (const tuples of chunks(rejected.map((each) => tupleOf(batch, stream, each))))
      await trx.raw(
        `INSERT INTO dead_letters (${COLUMNS}) VALUES ${tuples.join(',')} ON DUPLICATE KEY UPDATE id = VALUES(id)`,
      );
  };
}

/** Another producer may write what ours would not, and a record that can't be set aside would hold up its partition for ever. */
const isTooLarge = ({ key, value }: ConsumedRecord) => (key?.length ?? 0) + (value?.length ?? 0) > LARGEST_BYTES;

function reasonHeaders(
  { topic, partition }: Batch,
  { record, stage, code, reason }: Rejected,
): Readonly<Record<DeadLetterHeader, string>> {
  return {
    'dead-letter-topic': topic,
    'dead-letter-partition': String(partition),
    'dead-letter-offset': record.offset.toString(),
    'dead-letter-stage': stage,
    'dead-letter-code': code,
    'dead-letter-reason': reason.slice(0, REASON_CHARS),
    'dead-letter-attempts': String(attemptsOf(record)),
  };
}

function tupleOf(
  { topic, partition }: Batch,
  stream: Stream,
  { record, stage, code, reason, eventId }: Rejected,
): string {
  const values = [
    textLiteral(deadLetterId(topic, partition, record)),
    textLiteral(stream.name),
    textLiteral(topic),
    String(partition),
    record.offset.toString(),
    textLiteral(stage),
    textLiteral(code),
    textLiteral([...reason].slice(0, REASON_CHARS).join('')),
    String(attemptsOf(record)),
    eventId !== undefined && /^[\x20-\x7e]{1,36}$/.test(eventId) ? textLiteral(eventId) : 'NULL',
    record.key ? bytesLiteral(record.key) : 'NULL',
    record.value ? bytesLiteral(record.value) : 'NULL',
    textLiteral(JSON.stringify(recordHeaders(record))),
    instantLiteral(record.appendTime),
    instantLiteral(Date.now()),
  ];
  return `(${values.join(',')})`;
}

/** The append time is part of it, so that a topic made anew, which counts from 0 again, makes new ids. */
const deadLetterId = (topic: string, partition: number, { offset, appendTime }: ConsumedRecord) =>
  uuidv5(`${topic}/${partition}/${offset}/${appendTime}`, NAMESPACE);

function* chunks(tuples: readonly string[]): Generator<string[]> {
  let chunk: string[] = [];
  let bytes = 0;
  for (const tuple of tuples) {
    if (chunk.length >= STATEMENT_ROWS || (chunk.length > 0 && bytes + tuple.length > STATEMENT_BYTES)) {
      yield chunk;
      chunk = [];
      bytes = 0;
    }
    chunk.push(tuple);
    bytes += tuple.length;
  }
  if (chunk.length > 0) yield chunk;
}
