const PRICE = /^(-?)0*(\d{1,10})(?:\.(\d+))?$/;

export type Price =
  | { readonly kind: 'price'; readonly cents: number }
  | { readonly kind: 'negative' }
  | { readonly kind: 'none' };

/** A price as it is given, exactly: of at most twelve digits, a number of cents is one that a double holds. Two decimals may be other than zero. */
export function parsePrice(text: string): Price {
  const [, sign, whole, fraction = ''] = PRICE.exec(text.trim()) ?? [];
  if (whole === undefined || !/^\d{0,2}0*$/.test(fraction)) return { kind: 'none' };
  const cents = Number(whole + fraction.slice(0, 2).padEnd(2, '0'));
  return sign === '-' && cents > 0 ? { kind: 'negative' } : { kind: 'price', cents };
}

export const priceText = (cents: number): string =>
  `${Math.floor(cents / 100)}.${String(cents % 100).padStart(2, '0')}`;
