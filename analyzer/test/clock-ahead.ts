/** Environment of a Node process, and of its threads, whose clock is so far ahead of everybody else's. */
export function clockAhead(ms: number): { readonly NODE_OPTIONS: string } {
  const source = `const now = Date.now; Date.now = () => now() + ${ms};`;
  return { NODE_OPTIONS: `--import=data:text/javascript,${encodeURIComponent(source)}` };
}
