import { hash } from 'node:crypto';
import { parse } from 'uuid';

const NAMESPACE_BYTES = 16;
const VARIANT = 0b1000;

/**
 * The uuid of version 5 of a name (RFC 9562, 5.5): always the same for the same name. The package `uuid` makes the same ones and
 * takes four times as long, which counts where each record has one.
 * @param namespace a uuid; fixed for ever, or the same name has another uuid after a release
 */
export function uuidsOfNames(namespace: string): (name: string) => string {
  const prefix = Buffer.from(parse(namespace));
  return (name) => {
    const bytes = Buffer.allocUnsafe(NAMESPACE_BYTES + Buffer.byteLength(name));
    prefix.copy(bytes);
    bytes.write(name, NAMESPACE_BYTES);
    const hex = hash('sha1', bytes, 'hex');
    const variant = (Number.parseInt(hex.charAt(16), 16) & 0b11) | VARIANT;
    const [a, b, c] = [hex.slice(0, 8), hex.slice(8, 12), hex.slice(13, 16)];
    return `${a}-${b}-5${c}-${variant.toString(16)}${hex.slice(17, 20)}-${hex.slice(20, 32)}`;
  };
}
