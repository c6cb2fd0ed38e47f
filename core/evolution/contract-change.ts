/** A difference that leaves every record readable: in the `stream` block, or in what a field's constraints allow. */
export type ContractChange = {
  /** What changed, as a sentence without its end: `the route changed from /runs to /rides`. */
  readonly what: string;
  /** Whom or what it breaks, as the rest of that sentence; undefined when it breaks nothing. */
  readonly breaks?: string | undefined;
};

/** `the route changed from /runs to /rides: BREAKING, as clients of the old route get 404.` */
export const contractSentence = ({ what, breaks }: ContractChange): string =>
  `${what}: ${breaks === undefined ? 'not breaking' : `BREAKING, as ${breaks}`}.`;
