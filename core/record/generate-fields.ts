import type { Value } from '../schema/from-json.ts';
import type { Stream } from '../schema/stream.ts';
import { generatedUuidOf } from './event-id.ts';

/**
 * Fills what a record leaves out. A uuid follows from the event id, so that a retry of the event is the same record. A time
 * does not: its field is named in the answer, as what it holds is no part of the content.
 * @param now milliseconds since the epoch
 */
export type GenerateFields = (
  input: Readonly<Record<string, unknown>>,
  value: Value,
  eventId: string,
  now: number,
) => readonly string[];

/** Compiles the filling of a stream's generated fields; undefined where it has none. */
export function compileGenerateFields(stream: Stream): GenerateFields | undefined {
  const uuids = stream.fields.filter(({ generate }) => generate === 'uuid').map(({ name }) => name);
  const times = stream.fields.filter(({ generate }) => generate === 'now').map(({ name }) => name);
  if (uuids.length + times.length === 0) return undefined;

  return (input, value, eventId, now) => {
    for (const name of uuids) if (!Object.hasOwn(input, name)) value[name] = generatedUuidOf(stream, name, eventId);
    const left = times.filter((name) => !Object.hasOwn(input, name));
    for (const name of left) value[name] = now;
    return left;
  };
}
