const FIRST_MS = 500;
const LONGEST_MS = 30_000;

/** Up this long, a part counts as well again, and its next failure as its first. */
const WELL_AFTER_MS = 60_000;

/** How long to wait before a restart: it doubles with each failure in a row. */
export const backoffMs = (failuresInARow: number): number =>
  Math.min(LONGEST_MS, FIRST_MS * 2 ** Math.max(0, failuresInARow - 1));

export const failuresAfter = (before: number, upForMs: number): number => (upForMs >= WELL_AFTER_MS ? 1 : before + 1);
