export type Place = { readonly line: number; readonly column: number };

/** Where a text stops being JSON, counted from 1: at its first character that no JSON has there, or at its end. */
export function jsonFaultPlace(text: string): Place {
  let whole = 0;
  let broken = text.length + 1;
  while (broken - whole > 1) {
    const middle = (whole + broken) >> 1;
    if (isBroken(text.slice(0, middle))) broken = middle;
    else whole = middle;
  }
  const before = text.slice(0, whole).split('\n');
  return { line: before.length, column: (before.at(-1)?.length ?? 0) + 1 };
}

/** Whether no text that goes on from here is JSON. What only ends too early is not broken. */
function isBroken(text: string): boolean {
  try {
    JSON.parse(text);
    return false;
  } catch (error) {
    const message = error instanceof Error ? error.message : '';
    if (/unexpected end|unterminated/i.test(message)) return false;
    const [, position] = /at position (\d+)/.exec(message) ?? [];
    return position === undefined || Number(position) < text.length;
  }
}
