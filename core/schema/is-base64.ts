const BASE64 = /^[A-Za-z0-9+/]*={0,2}$/;

/** Whether a text is base64 with its padding (RFC 4648, section 4), and of `size` bytes where a size is given. */
export function isBase64(text: string, size?: number): boolean {
  if (text.length % 4 !== 0 || !BASE64.test(text)) return false;
  return size === undefined || Buffer.byteLength(text, 'base64') === size;
}
