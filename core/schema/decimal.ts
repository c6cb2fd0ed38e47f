const DECIMAL = /^([+-]?)(\d+)(?:\.(\d+))?$/;

/**
 * The unscaled value of a decimal, e.g. 1234n for `12.34` at scale 2 (Avro 1.12, "Decimal").
 * Undefined when it is no decimal, or has more digits than the precision or the scale can hold.
 */
export function parseDecimal(value: string | number, precision: number, scale: number): bigint | undefined {
  const match = DECIMAL.exec(String(value));
  if (!match) return undefined;
  const [, sign, whole = '', fraction = ''] = match;
  const digits = fraction.replace(/0+$/, '');
  if (digits.length > scale) return undefined;
  const unscaled = BigInt(whole + digits.padEnd(scale, '0'));
  if (unscaled >= 10n ** BigInt(precision)) return undefined;
  return sign === '-' ? -unscaled : unscaled;
}

export function formatDecimal(unscaled: bigint, scale: number): string {
  const digits = (unscaled < 0n ? -unscaled : unscaled).toString().padStart(scale + 1, '0');
  const sign = unscaled < 0n ? '-' : '';
  return scale === 0 ? sign + digits : `${sign}${digits.slice(0, -scale)}.${digits.slice(-scale)}`;
}

/** Big-endian two's complement: as short as it goes, or filling `size` bytes where Avro's type is fixed. */
export function decimalToBytes(unscaled: bigint, size?: number): Buffer {
  const bits = unscaled < 0n ? (-unscaled - 1n).toString(2).length + 1 : unscaled.toString(2).length + 1;
  const length = size ?? Math.ceil(bits / 8);
  const hex = BigInt.asUintN(length * 8, unscaled)
    .toString(16)
    .padStart(length * 2, '0');
  return Buffer.from(hex, 'hex');
}

export function bytesToDecimal(bytes: Buffer): bigint {
  return bytes.length === 0 ? 0n : BigInt.asIntN(bytes.length * 8, BigInt(`0x${bytes.toString('hex')}`));
}
