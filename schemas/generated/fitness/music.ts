// Made from schemas/fitness/music.avsc by `npm run generate`.

/** One song heard during a run. As it is posted to /stats/music. */
export type Music = {
  /** Who listened. A UUID. */
  readonly user_id: string;
  /** Who performs the song. */
  readonly artist: string;
  /** The song's title. */
  readonly song_name: string;
  /** How long the song is. Unit: s. */
  readonly song_duration: number;
  /** When it was played. An RFC 3339 time. */
  readonly timestamp: string;
  /** Identifies the event: sending it again with the same id changes nothing. Made for you if left out. */
  readonly event_id?: string;
};

/** The same as it is read back: every field, with those that Millrace adds. */
export type MusicRow = {
  /** Who listened. A UUID. */
  readonly user_id: string;
  /** Who performs the song. */
  readonly artist: string;
  /** The song's title. */
  readonly song_name: string;
  /** How long the song is. Unit: s. */
  readonly song_duration: number;
  /** When it was played. An RFC 3339 time. */
  readonly timestamp: string;
  /** Identifies the event; a repeat of it has the same one. A UUID. */
  readonly event_id: string;
  /** W3C trace id of the request that brought the event, 32 hex digits. */
  readonly trace_id: string;
  /** Who brought the event: a client or a connector. */
  readonly source: string;
  /** When Millrace took the event in. An RFC 3339 time. */
  readonly ingested_at: string;
};
