const DECIMAL = /^([+-]?)(\d+)(?:\.(\d+))?(?:[eE]([+-]?\d{1,6}))?$/;

/** Past every precision with its zeros: a longer text is no decimal, even with few significant digits. */
const LONGEST = 400;

/**
 * The unscaled value of a decimal, e.g. 1234n for `12.34` or `1234e-2` at scale 2 (Avro 1.12, "Decimal").
 * Undefined when it is no decimal, or has more digits than the precision or the scale can hold.
 */
export function parseDecimal(value: string | number, precision: number, scale: number): bigint | undefined {
  const text = String(value);
  const match = text.length > LONGEST ? null : DECIMAL.exec(text);
  if (!match) return undefined;
  const [, sign, whole = '', fraction = '', exponent] = match;
  // As prices are written: there is nothing to cut off.
  if (exponent === undefined && fraction.length <= scale && whole.length <= precision - scale)
    return signed(sign, BigInt(whole + fraction.padEnd(scale, '0')));
  const all = (whole + fraction).replace(/^0+/, '');
  const digits = all.replace(/0+$/, '');
  if (digits === '') return 0n;
  const places = fraction.length - Number(exponent ?? 0) - (all.length - digits.length);
  if (places > scale || digits.length - places > precision - scale) return undefined;
  return signed(sign, BigInt(digits + '0'.repeat(scale - places)));
}

const signed = (sign: string | undefined, size: bigint): bigint => (sign === '-' ? -size : size);

export function formatDecimal(unscaled: bigint, scale: number): string {
  const digits = (unscaled < 0n ? -unscaled : unscaled).toString().padStart(scale + 1, '0');
  const sign = unscaled < 0n ? '-' : '';
  return scale === 0 ? sign + digits : `${sign}${digits.slice(0, -scale)}.${digits.slice(-scale)}`;
}

/** Big-endian two's complement: as short as it goes, or filling `size` bytes where Avro's type is fixed. */
export function decimalToBytes(unscaled: bigint, size?: number): Buffer {
  if (size === undefined && unscaled < SHORT && unscaled >= -SHORT) return shortToBytes(Number(unscaled));
  const bits = unscaled < 0n ? (-unscaled - 1n).toString(2).length + 1 : unscaled.toString(2).length + 1;
  const length = size ?? Math.ceil(bits / 8);
  const hex = BigInt.asUintN(length * 8, unscaled)
    .toString(16)
    .padStart(length * 2, '0');
  return Buffer.from(hex, 'hex');
}

export function bytesToDecimal(bytes: Buffer): bigint {
  if (bytes.length === 0) return 0n;
  if (bytes.length <= SHORT_BYTES) return BigInt(bytes.readIntBE(0, bytes.length));
  return BigInt.asIntN(bytes.length * 8, BigInt(`0x${bytes.toString('hex')}`));
}

/** What a buffer reads and writes as a number, which takes a tenth of the time. */
const SHORT_BYTES = 6;
const SHORT = 1n << BigInt(8 * SHORT_BYTES - 1);

function shortToBytes(unscaled: number): Buffer {
  let length = 1;
  for (let limit = 128; unscaled >= limit || unscaled < -limit; limit *= 256) length += 1;
  const bytes = Buffer.allocUnsafe(length);
  bytes.writeIntBE(unscaled, 0, length);
  return bytes;
}
