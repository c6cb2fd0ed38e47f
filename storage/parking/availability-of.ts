import type { ParkingLimits } from './limits-setting.ts';

export type Availability = {
  readonly pass_type: string;
  /** Null of a type that has no limit; then `left` is null too. */
  readonly limit: number | null;
  readonly issued: number;
  /** Never below zero, however many were issued. */
  readonly left: number | null;
};

/** The types that have a limit in the order of the setting, then any other that passes were issued of. */
export function availabilityOf(limits: ParkingLimits, issued: ReadonlyMap<string, number>): Availability[] {
  const limited = [...limits].map(([pass_type, limit]) => {
    const count = issued.get(pass_type) ?? 0;
    return { pass_type, limit, issued: count, left: Math.max(0, limit - count) };
  });
  const others = [...issued]
    .filter(([pass_type]) => !limits.has(pass_type))
    .toSorted(([a], [b]) => (a < b ? -1 : 1))
    .map(([pass_type, count]) => ({ pass_type, limit: null, issued: count, left: null }));
  return [...limited, ...others];
}
