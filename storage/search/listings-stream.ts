import type { Stream } from '@millrace/core/schema/stream';

export const SEARCH_PATH = '/v1/events/search';

const FIELDS = ['listing_id', 'provider', 'time_zone', 'plans', 'stale_since'];

/** The stream whose plans can be searched; undefined where a schemas folder is without it, or has another of its name. */
export const listingsStream = (streams: readonly Stream[]): Stream | undefined =>
  streams.find(
    ({ name, store, fields }) =>
      name === 'listings' && store === 'upsert' && FIELDS.every((each) => fields.some((field) => field.name === each)),
  );
