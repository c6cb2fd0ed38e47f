import type { Row } from './versioned-rows.ts';

/** What a simulated vendor has, as the control API steers it. */
export type VendorData = {
  counts(): Readonly<Record<string, number>>;
  /** Undefined for an entity that the vendor does not have. */
  ids(entity: string): readonly string[] | undefined;
  /** Whether there was such a row. */
  remove(entity: string, id: string): boolean;
  change(entity: string, id: string, fields: Row): boolean;
  /** The ids of what was added. */
  add(entity: string, count: number): readonly string[] | undefined;
  /** One step of a vendor's day: something new, something changed, something gone. */
  grow(): void;
  reset(): void;
};
