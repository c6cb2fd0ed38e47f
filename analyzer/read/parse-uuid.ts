/** The value of each hexadecimal digit by its character code; 255 for any other character. */
const DIGITS = new Uint8Array(256).fill(255);
for (const [value, char] of [...'0123456789abcdef'].entries()) {
  DIGITS[char.charCodeAt(0)] = value;
  DIGITS[char.toUpperCase().charCodeAt(0)] = value;
}
const LENGTH = 36;
const DASH = 45;
const STARTS = [0, 4, 9, 14, 19, 24, 28, 32] as const;
const DASHES = [8, 13, 18, 23] as const;

/**
 * Parses a uuid into four 32-bit words, the most significant first. False, with the words unspecified, for anything but
 * 36 characters of 8-4-4-4-12 hexadecimal digits.
 */
export function parseUuid(text: unknown, words: Uint32Array): boolean {
  if (typeof text !== 'string' || text.length !== LENGTH) return false;
  const bytes = Buffer.from(text);
  return bytes.length === LENGTH && parseUuidBytes(bytes, 0, words);
}

/** The same for 36 bytes of text from `start` on, which have to be there. */
export function parseUuidBytes(bytes: Uint8Array, start: number, words: Uint32Array): boolean {
  for (const dash of DASHES) if (bytes[start + dash] !== DASH) return false;
  let faults = 0;
  for (let word = 0; word < 4; word += 1) {
    const high = quad(bytes, start + STARTS[(word * 2) as 0 | 2 | 4 | 6]);
    const low = quad(bytes, start + STARTS[(word * 2 + 1) as 1 | 3 | 5 | 7]);
    faults |= high | low;
    words[word] = ((high << 16) | (low & 0xffff)) >>> 0;
  }
  return faults >= 0;
}

/** Four digits as a number; negative when one of them is none. */
function quad(bytes: Uint8Array, at: number): number {
  const a = DIGITS[bytes[at] ?? 0] ?? 255;
  const b = DIGITS[bytes[at + 1] ?? 0] ?? 255;
  const c = DIGITS[bytes[at + 2] ?? 0] ?? 255;
  const d = DIGITS[bytes[at + 3] ?? 0] ?? 255;
  return (a | b | c | d) > 15 ? -1 : (a << 12) | (b << 8) | (c << 4) | d;
}
