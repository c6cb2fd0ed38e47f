import { Problem } from '@millrace/core/problem/problem';
import type { CandidateRecord } from '@millrace/core/record/candidate-record';
import { eventIdOf } from '@millrace/core/record/event-id';
import type { Stream } from '@millrace/core/schema/stream';

const KEY = /^[A-Za-z0-9._:-]{1,255}$/;

/**
 * The request's idempotency key, with or without the quotes that the IETF draft asks for
 * (draft-ietf-httpapi-idempotency-key-header). Throws `invalid-parameter` for one that is empty, too long or not plain.
 */
export function idempotencyKeyOf(header: string | readonly string[] | undefined): string | undefined {
  if (header === undefined) return undefined;
  const key = String(header).replace(/^"(.*)"$/, '$1');
  if (KEY.test(key)) return key;
  const message = 'must be 1 to 255 letters, digits and . _ : -';
  const errors = [{ pointer: '/headers/idempotency-key', message }];
  throw new Problem('invalid-parameter', `Idempotency-Key ${message}.`, { errors });
}

/** Gives a candidate its event id; in a batch, under one key, each record by its index in it. */
export type NameCandidate = (candidate: CandidateRecord, index?: number) => CandidateRecord;

export function nameCandidates(stream: Stream, client: string, key: string | undefined): NameCandidate {
  if (key === undefined) return (candidate) => candidate;
  return (candidate, index) =>
    candidate.eventId === undefined
      ? { ...candidate, eventId: eventIdOf(stream, client, index === undefined ? key : `${key}/${index}`) }
      : candidate;
}
