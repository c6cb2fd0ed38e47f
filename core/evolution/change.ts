/** One difference between an earlier and a later version of a schema. */
export type Change = {
  /** Where: `distance`, `zones[].price`, `labels{}`; empty for the record itself. */
  readonly path: string;
  /** What happened, as the rest of a sentence that begins with the path: `is new, without a default`. */
  readonly what: string;
  /** The later schema reads what the earlier one wrote; the text says why not. */
  readonly notBackward?: string | undefined;
  /** The earlier schema reads what the later one writes; the text says why not. */
  readonly notForward?: string | undefined;
  /** The two sides, in a few words. */
  readonly before: string;
  readonly after: string;
};

export type Verdict = 'fully' | 'backward' | 'forward' | 'not';

export function verdictOf(changes: readonly Change[]): Verdict {
  const backward = changes.every(({ notBackward }) => notBackward === undefined);
  const forward = changes.every(({ notForward }) => notForward === undefined);
  if (backward) return forward ? 'fully' : 'backward';
  return forward ? 'forward' : 'not';
}

/** `distance is new, without a default: forward compatible only, as records written before do not have it.` */
export function sentenceOf(change: Change): string {
  const { path, what, notBackward, notForward } = change;
  const reasons = [...new Set([notBackward, notForward].filter((reason) => reason !== undefined))].join(', and ');
  const verdict = {
    fully: 'fully compatible',
    backward: 'backward compatible only',
    forward: 'forward compatible only',
    not: 'not compatible either way',
  }[verdictOf([change])];
  return `${path || 'the record'} ${what}: ${verdict}${reasons ? `, as ${reasons}` : ''}.`;
}
