const MAX_ID = 100;

/** A text as it is given, at most so many characters of it; null for none. */
export function textOf(given: string | undefined, maxLength: number): string | null {
  const text = given?.trim() ?? '';
  if (text === '') return null;
  return text.length <= maxLength ? text : Array.from(text).slice(0, maxLength).join('');
}

/** Undefined for none, and for one that is too long to be one. */
export function idOf(given: string | undefined): string | undefined {
  const id = given?.trim() ?? '';
  return id === '' || (id.length > MAX_ID && Array.from(id).length > MAX_ID) ? undefined : id;
}

/** Null for what is neither true nor false. */
export function flagOf(given: string | undefined): boolean | null {
  const text = given?.trim().toLowerCase();
  if (text === 'true' || text === '1') return true;
  return text === 'false' || text === '0' ? false : null;
}
