const LEAST = 5;
const SHARE = 0.1;

/** Whether so many rows at once look more like a fault of the vendor than like rows that are gone: more than a tenth, and more than five. */
export const isOverCap = (marked: number, fresh: number): boolean => marked > staleCap(fresh);

/** The most rows that a run marks without being released. @param fresh the rows of the scope that are not stale */
export const staleCap = (fresh: number): number => Math.max(Math.floor(fresh * SHARE), LEAST);
