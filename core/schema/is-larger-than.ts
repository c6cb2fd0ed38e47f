/** Whether a parsed JSON value has more members and elements, at all depths together, than `parts`; stops counting there. */
export function isLargerThan(value: unknown, parts: number): boolean {
  const open = [value];
  let seen = 0;
  while (open.length > 0) {
    const next = open.pop();
    if (typeof next !== 'object' || next === null) continue;
    const children: unknown[] = Object.values(next);
    seen += children.length;
    if (seen > parts) return true;
    open.push(...children);
  }
  return false;
}
