import { type ProblemCode, problems } from './problems.ts';

/** One thing wrong with an input. `pointer` is a JSON pointer, such as `/distance`, `/query/limit` or `/HOST`. */
export type Fault = { readonly pointer: string; readonly message: string };

type ProblemOptions = {
  readonly cause?: unknown;
  readonly errors?: readonly Fault[];
  /** Response headers the problem calls for, such as `allow` or `retry-after`; lower case. */
  readonly headers?: Readonly<Record<string, string>>;
  /** Members of the answer besides those that every problem has (RFC 9457, section 3.2). */
  readonly members?: Readonly<Record<string, string>>;
};

/** The only error thrown on purpose. `detail` is shown to clients; `cause` only reaches the log. */
export class Problem extends Error {
  override readonly name = 'Problem';
  readonly code: ProblemCode;
  readonly errors: readonly Fault[];
  readonly headers: Readonly<Record<string, string>>;
  readonly members: Readonly<Record<string, string>>;

  constructor(code: ProblemCode, detail: string, options: ProblemOptions = {}) {
    super(detail, 'cause' in options ? { cause: options.cause } : undefined);
    this.code = code;
    this.errors = options.errors ?? [];
    this.headers = options.headers ?? {};
    this.members = options.members ?? {};
  }

  get status(): number {
    return problems[this.code].status;
  }

  get title(): string {
    return problems[this.code].title;
  }

  get retriable(): boolean {
    return problems[this.code].retriable;
  }
}
