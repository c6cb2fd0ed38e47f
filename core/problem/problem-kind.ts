export type ProblemKind = {
  readonly status: number;
  /** Whether the same again may work. */
  readonly retriable: boolean;
  readonly title: string;
  /** What who meets it can do. */
  readonly advice: string;
};
