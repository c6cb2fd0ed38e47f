import { createHash } from 'node:crypto';
import type { Json } from '../connector.ts';

/** A digest of a row, the same for the same content in whatever order its members come. */
export const contentHash = (value: Json): Buffer => createHash('sha256').update(canonical(value)).digest();

function canonical(value: Json): string {
  if (Array.isArray(value)) return `[${value.map(canonical).join(',')}]`;
  if (typeof value !== 'object' || value === null) return JSON.stringify(value);
  const members = Object.entries(value)
    .toSorted(([a], [b]) => (a < b ? -1 : 1))
    .map(([name, member]) => `${JSON.stringify(name)}:${canonical(member)}`);
  return `{${members.join(',')}}`;
}
