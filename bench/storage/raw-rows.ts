import { randomBytes, randomUUID } from 'node:crypto';

export const RAW_COLUMNS =
  'user_id, duration, distance, timestamp, event_id, trace_id, source, ingested_at, stored_at, topic_partition, record_offset';

const USERS = Array.from({ length: 1_000 }, () => randomUUID());

/** What storage writes for the records of the same topic. */
export const rawRows = (count: number): unknown[][] => Array.from({ length: count }, (_, n) => row(n));

function row(n: number): unknown[] {
  const time = (millis: number) => new Date(millis).toISOString().slice(0, -1).replace('T', ' ');
  return [
    USERS[(n * 7) % USERS.length],
    600 + ((n * 37) % 6_000),
    2_000 + ((n * 53) % 20_000) / 3,
    time(Date.now() - ((n * 7919) % 2_592_000_000)),
    randomUUID(),
    randomBytes(16).toString('hex'),
    'bench',
    time(Date.now()),
    time(Date.now()),
    n % 3,
    n,
  ];
}
