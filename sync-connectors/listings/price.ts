const PRICE = /^(-?)0*(\d{1,10})(?:\.(\d+))?$/;

export type Price =
  | { readonly kind: 'price'; readonly cents: bigint }
  | { readonly kind: 'negative' }
  | { readonly kind: 'none' };

/** A price as it is given, exactly: at most ten digits and two decimals that are not zero. */
export function parsePrice(text: string): Price {
  const [, sign, whole, fraction = ''] = PRICE.exec(text.trim()) ?? [];
  if (whole === undefined || !/^\d{0,2}0*$/.test(fraction)) return { kind: 'none' };
  const cents = BigInt(whole + fraction.slice(0, 2).padEnd(2, '0'));
  return sign === '-' && cents > 0n ? { kind: 'negative' } : { kind: 'price', cents };
}

export const priceText = (cents: bigint): string => `${cents / 100n}.${String(cents % 100n).padStart(2, '0')}`;
