import type { Transaction } from '@millrace/core/database/open-database';
import { bytesLiteral, instantLiteral, textLiteral } from '@millrace/core/database/sql-literal';
import type { DeadLetterHeader } from '@millrace/core/openapi/dead-letter-channel';
import { Problem } from '@millrace/core/problem/problem';
import type { Stream } from '@millrace/core/schema/stream';
import type { Batch, ConsumedRecord } from '@millrace/core/stream/consume';
import type { LaneRecord, Producer } from '@millrace/core/stream/create-producer';
import { v5 as uuidv5 } from 'uuid';
import { attemptsOf } from './attempts.ts';
import { recordHeaders } from './record-headers.ts';
import type { Rejected } from './rejected.ts';

export type WriteDeadLetters = (
  trx: Transaction,
  batch: Batch,
  stream: Stream,
  rejected: readonly Rejected[],
) => Promise<void>;

const NAMESPACE = '5d0b9a3e-7f0c-4c0e-9a55-0f6f4b1f6a10';
const REASON_CHARS = 1_000;
/** Larger ones are sent in a request of their own, so that one which Kafka rejects does not block others. */
const LARGE_BYTES = 800_000;
const STATEMENT_ROWS = 500;
const STATEMENT_BYTES = 4_000_000;
const COLUMNS =
  'id, stream, topic, topic_partition, record_offset, stage, code, reason, attempts, event_id, record_key, record_value, headers, appended_at, set_aside_at';

/**
 * Puts records into the dead-letter topic, with their raw key and value and, in headers, where they come from and what is
 * wrong; then, in the transaction that moves the offset, into the table that is browsed and redriven from.
 * A transaction that is tried again writes the topic again, but the table once: ids come from the coordinates.
 */
export function createWriteDeadLetters(producer: Producer): WriteDeadLetters {
  return async (trx, batch, stream, rejected) => {
    const records = rejected.map((each) => ({
      partition: 0,
      key: each.record.key,
      value: each.record.value,
      headers: { ...each.record.headers, ...reasonHeaders(batch, each) },
    }));
    const small = records.filter((record) => !isLarge(record));
    for (let start = 0; start < small.length; start += STATEMENT_ROWS)
      await producer.produce(stream.deadLetterTopic, small.slice(start, start + STATEMENT_ROWS));
    for (const large of records.filter(isLarge)) await produceLarge(producer, stream.deadLetterTopic, large);
    for (const tuples of chunks(rejected.map((each) => tupleOf(batch, stream, each))))
      await trx.raw(
        `INSERT INTO dead_letters (${COLUMNS}) VALUES ${tuples.join(',')} ON DUPLICATE KEY UPDATE id = VALUES(id)`,
      );
  };
}

const isLarge = ({ key, value }: LaneRecord) => (key?.length ?? 0) + (value?.length ?? 0) > LARGE_BYTES;

/**
 * What the topic does not take is written without its value, which then is in the table alone: a record that could not be
 * written would hold up its partition for ever.
 */
async function produceLarge(producer: Producer, topic: string, record: LaneRecord): Promise<void> {
  try {
    await producer.produce(topic, [record]);
  } catch (error) {
    if (!(error instanceof Problem && error.code === 'body-too-large')) throw error;
    const note = { 'dead-letter-value': 'in the table dead_letters: larger than the topic takes' };
    await producer.produce(topic, [{ ...record, value: null, headers: { ...record.headers, ...note } }]);
  }
}

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

/** The append time is part of it, so that a recreated topic, which counts from 0 again, makes new ids. */
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
