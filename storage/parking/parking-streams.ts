import type { Stream } from '@millrace/core/schema/stream';

/** The streams that parking is counted from. */
export type ParkingStreams = { readonly events: Stream; readonly passes: Stream };

/** Undefined where a schemas folder is without one of them, or has another stream under its name. */
export function parkingStreams(streams: readonly Stream[]): ParkingStreams | undefined {
  const events = find(streams, 'ticketed-events', ['ticketed_event_id']);
  const passes = find(streams, 'parking-passes', ['ticketed_event_id', 'pass_type', 'stale_since']);
  return events && passes && { events, passes };
}

/** @param id how a router or a document writes the parameter */
export const parkingPath = (id: string): string => `/ticketing/events/${id}/parking-availability`;

const find = (streams: readonly Stream[], name: string, fields: readonly string[]) =>
  streams.find(
    (stream) =>
      stream.name === name && fields.every((field) => stream.fields.some((each) => each.name === field && !each.table)),
  );
