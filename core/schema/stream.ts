import type { Field } from './avro-type.ts';

/** One schema file, completed: everything the platform derives for a stream comes from this value. */
export type Stream = {
  /** Stream, topic and index route: `running`. */
  readonly name: string;
  readonly topic: string;
  readonly deadLetterTopic: string;
  /** The topic's registry subject: `<topic>-value`. */
  readonly subject: string;
  /** The MySQL and DuckDB table: the name in snake_case. */
  readonly table: string;
  /** The domain: the folder that the file lies in, or '' at the top. */
  readonly domain: string;
  /** Receiver POST and storage GET route: `/stats/running`. */
  readonly path: string;
  /** Further routes that are the same as `path`, such as `/accounts`. */
  readonly pathAliases: readonly string[];
  /** Whether it has a POST route; only services write what has none. */
  readonly isPosted: boolean;
  readonly key: Field;
  /** The event-time field. */
  readonly time: Field;
  readonly store: 'append' | 'upsert';
  readonly measures: readonly Field[];
  readonly dimensions: readonly Field[];
  /** For upsert: the field that says which of two records is newer. */
  readonly version: Field;
  readonly countAs: string | undefined;
  readonly partitions: number;
  /** Topic retention in milliseconds; undefined keeps the history forever. */
  readonly retentionMs: number | undefined;
  /** How long after their event time rows stay in MySQL, in milliseconds; undefined never removes any. */
  readonly rowRetentionMs: number | undefined;
  /** Whether its routes need a token even where `AUTH` is `open`. */
  readonly access: 'open' | 'token';
  /** The field that must equal the `sub` of a token that may read its own rows alone. */
  readonly owner: Field;
  readonly doc: string;
  /** The record's full Avro name: `millrace.fitness.Running`. */
  readonly recordName: string;
  /** The schema's own fields, then the four metadata fields. */
  readonly fields: readonly Field[];
  /** What is registered: the completed Avro schema, without constraints and the `stream` block. */
  readonly avro: AvroRecordJson;
  /** The file, as given to an error message. */
  readonly file: string;
};

export type AvroRecordJson = {
  readonly type: 'record';
  readonly name: string;
  readonly namespace?: string;
  readonly doc?: string;
  readonly fields: readonly unknown[];
};
