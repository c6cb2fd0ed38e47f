export const encodings = ['UTF-8', 'UTF-16LE', 'UTF-16BE', 'ISO-8859-1', 'windows-1252'] as const;
export type Encoding = (typeof encodings)[number];

/** The characters of windows-1252 that Latin 1 does not have, as far as feeds use them. */
const WINDOWS_1252: Readonly<Record<string, number>> = { '€': 0x80, '’': 0x92, Œ: 0x8c, œ: 0x9c };

/** XML text as bytes; what an encoding does not have becomes a character reference. */
export function encodeText(text: string, encoding: Encoding): Buffer {
  if (encoding === 'UTF-8') return Buffer.from(text, 'utf8');
  if (encoding === 'UTF-16LE') return Buffer.from(text, 'utf16le');
  if (encoding === 'UTF-16BE') return Buffer.from(text, 'utf16le').swap16();
  const bytes: number[] = [];
  for (const character of text) {
    const code = character.codePointAt(0) ?? 0;
    const byte = encoding === 'windows-1252' ? WINDOWS_1252[character] : undefined;
    if (byte !== undefined) bytes.push(byte);
    else if (code < 0x80 || (code >= 0xa0 && code <= 0xff)) bytes.push(code);
    else bytes.push(...Buffer.from(`&#${code};`, 'latin1'));
  }
  return Buffer.from(bytes);
}

/** The byte order mark of an encoding; that of UTF-16 says how it is to be read. */
export const markOf = (encoding: Encoding): Buffer =>
  encoding.startsWith('UTF') ? encodeText('\uFEFF', encoding) : Buffer.alloc(0);
