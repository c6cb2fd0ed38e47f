import type { FeedElement } from './feed-element.ts';
import { flagOf, idOf, textOf } from './field-text.ts';
import { parsePrice, priceText } from './price.ts';
import type { Note } from './to-listing.ts';

export type Zone = {
  readonly zone_id: string;
  readonly name: string | null;
  readonly capacity: number | null;
  readonly price: string | null;
  readonly numbered: boolean | null;
};

export type PricedZone = { readonly zone: Zone; readonly cents: number | undefined };

/** A zone, or undefined where it can't be kept: without an id, or with a price or a capacity that is no number. */
export function toZone({ attributes, line }: FeedElement, pointer: string, note: Note): PricedZone | undefined {
  const skip = (field: string, reason: string) => note({ line, pointer: `${pointer}/${field}`, reason });
  const zone_id = idOf(attributes.zone_id);
  if (zone_id === undefined) return skip('zone_id', 'the zone has no id; the zone is skipped');
  const capacity = attributes.capacity?.trim() ?? '';
  if (!/^\d{0,15}$/.test(capacity)) return skip('capacity', 'the capacity is no number; the zone is skipped');
  const given = attributes.price?.trim() ?? '';
  const price = given === '' ? undefined : parsePrice(given);
  if (price?.kind === 'none') return skip('price', 'the price is no amount; the zone is skipped');
  if (price?.kind === 'negative') skip('price', 'the price is below zero; the zone is kept without a price');
  const cents = price?.kind === 'price' ? price.cents : undefined;
  const zone = {
    zone_id,
    name: textOf(attributes.name, 200),
    capacity: capacity === '' ? null : Number(capacity),
    price: cents === undefined ? null : priceText(cents),
    numbered: flagOf(attributes.numbered),
  };
  return { zone, cents };
}
