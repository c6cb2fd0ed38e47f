export type Document = {
  readonly file: string;
  /** What `make` is asked for first, such as `demo` or `demo MONTH=2025-03`. */
  readonly make?: readonly string[];
  /** Fields that depend on what was posted before the page: only their kind is compared. */
  readonly varies?: readonly string[];
  /** An npm script that compares what else the page shows with what the analyzer answers, such as plots. */
  readonly check?: string;
  /** The number of its commands that are run; fewer means that a block is no longer recognised. */
  readonly examples: number;
};

/**
 * Pages whose commands are run and whose answers are compared, in this order, on one platform that was empty before the first. A block of
 * `sh` that begins with `curl`, `echo`, `sleep`, `make client` or `NAME=$(` is run, and the variables that it sets are there for those after
 * it; the `json`, `ndjson`, `csv` or `text` right after it is what it answers.
 */
export const documents: readonly Document[] = [
  /** The platform brings rules along, and keeps a share of what they evaluate. */
  { file: 'README.md', varies: ['partition', 'rules', 'rule-evaluations'], examples: 15 },
  { file: 'docs/storage.md', varies: ['offset'], examples: 10 },
  { file: 'docs/tokens.md', varies: ['partition', 'offset', 'iat', 'exp'], examples: 14 },
  { file: 'docs/ticketing.md', varies: ['started_at', 'finished_at', 'emitted', 'unchanged'], examples: 4 },
  { file: 'docs/listings.md', varies: ['start_date', 'end_date'], examples: 2 },
  { file: 'docs/questions.md', make: ['demo MONTH=2025-03'], check: 'answer-questions', examples: 6 },
];
