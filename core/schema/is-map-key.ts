/** Whether a map may have this key: avsc reads maps into plain objects, which have no place for `__proto__`. */
export const isMapKey = (key: string): boolean => key !== '__proto__' && key.isWellFormed();
