import { randomUUID } from 'node:crypto';

/** A stream of songs: a key, a dimension, numbers, a time. */
export const songSchema = {
  type: 'record',
  name: 'Song',
  namespace: 'test',
  stream: {
    path: '/songs',
    key: 'user_id',
    time: 'timestamp',
    measures: ['song_duration'],
    dimensions: ['user_id', 'artist'],
  },
  fields: [
    { name: 'user_id', type: { type: 'string', logicalType: 'uuid' } },
    { name: 'artist', type: 'string', maxLength: 40 },
    { name: 'song_duration', type: 'double', minimum: 0 },
    { name: 'timestamp', type: { type: 'long', logicalType: 'timestamp-millis' } },
  ],
};

export const FIRST_SONG_AT = Date.parse('2026-03-14T07:00:00Z');
const USERS = Array.from({ length: 20 }, () => randomUUID());

/** The n-th song: a second after the one before. */
export const song = (n: number, fields: Record<string, unknown> = {}) => ({
  user_id: USERS[n % USERS.length] ?? '',
  artist: `Artist ${n % 7}`,
  song_duration: 100 + n / 8,
  timestamp: FIRST_SONG_AT + n * 1000,
  event_id: randomUUID(),
  trace_id: '4bf92f3577b34da6a3ce929d0e0e4736',
  source: 'test',
  ingested_at: FIRST_SONG_AT + n * 1000 + 250,
  ...fields,
});

export const songs = (count: number, from = 0) => Array.from({ length: count }, (_, n) => song(from + n));
