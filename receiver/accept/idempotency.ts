import { Problem } from '@millrace/core/problem/problem';
import type { Stream } from '@millrace/core/schema/stream';
import { v5 } from 'uuid';
import type { Offer } from './offer.ts';

/** The namespace of derived event ids: fixed for ever, or retries across a release would count twice. */
const NAMESPACE = '6f1cf2a0-6d5e-5b8e-9b0a-3c7a0c0e4d11';
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

/** The same event id for the same stream, client and key, whichever receiver is asked. */
export const eventIdOf = (stream: Stream, client: string, key: string): string =>
  v5(JSON.stringify([stream.name, client, key]), NAMESPACE);

/** Gives an offer the id of the event; in a batch, under one key, each record by its place in it. */
export type NameOffer = (offer: Offer, place?: number) => Offer;

export function nameOffers(stream: Stream, client: string, key: string | undefined): NameOffer {
  if (key === undefined) return (offer) => offer;
  return (offer, place) =>
    offer.eventId === undefined
      ? { ...offer, eventId: eventIdOf(stream, client, place === undefined ? key : `${key}/${place}`) }
      : offer;
}
