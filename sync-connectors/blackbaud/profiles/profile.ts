import type { EntityName } from '../rows/entity-spec.ts';

/** Where an entity's rows come from: a list, or an ad-hoc query that a person has saved under a name. */
export type Source =
  | {
      readonly kind: 'list';
      readonly path: string;
      /** `pages` has `{count, next_link, value}` with `limit` and `offset`; `limit` knows only `limit`. */
      readonly paging: 'pages' | 'limit';
      /** Sent with each call. */
      readonly parameters?: Readonly<Record<string, string>>;
      /** Whether `last_modified` gives what has changed since. */
      readonly isIncremental?: boolean;
    }
  | { readonly kind: 'query'; readonly name: string };

/**
 * Where each field of the stream stands in a row, first come first served: `address.city` within an object, `start_date+start_time` of a
 * date and a time of day. A query's columns are found by their names in lower case with `_` for spaces.
 */
export type FieldNames = Readonly<Record<string, readonly string[]>>;

export type EntityProfile = {
  readonly source: Source;
  /** The path of one row, with `{id}`. */
  readonly one?: string;
  readonly fields: FieldNames;
};

/** What one product of the vendor's has where. The only files to change when a path or a field turns out to be another. */
export type Profile = Readonly<Record<EntityName, EntityProfile>>;
