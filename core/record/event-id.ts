import type { Stream } from '../schema/stream.ts';
import { uuidsOfNames } from './uuids-of-names.ts';

/** The namespace of derived ids: fixed for ever, or retries across a release would count twice. */
const uuidOf = uuidsOfNames('6f1cf2a0-6d5e-5b8e-9b0a-3c7a0c0e4d11');

/** The same event id for the same stream, client and idempotency key, whichever process is asked. */
export const eventIdOf = (stream: Stream, client: string, key: string): string =>
  uuidOf(JSON.stringify([stream.name, client, key]));

/** The uuid of a field that an event leaves out: the same for the same event, whichever process is asked. */
export const generatedUuidOf = (stream: Stream, field: string, eventId: string): string =>
  uuidOf(JSON.stringify([stream.name, 'field', field, eventId]));
