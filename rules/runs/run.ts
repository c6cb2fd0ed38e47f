/** Work over history that takes longer than its client waits, as the API shows it. */
export type Run = {
  readonly run_id: string;
  /** `dry` only asks what a rule would do; `fill` evaluates it for what it never saw. */
  readonly kind: 'dry' | 'fill';
  readonly rule_id: string | null;
  readonly state: 'waiting' | 'running' | 'done' | 'failed';
  /** Records read so far. */
  readonly read: number;
  readonly result: unknown;
  readonly message: string | null;
};

/** A fill that is to be done. */
export type Fill = {
  readonly runId: string;
  readonly ruleId: string;
  readonly version: number;
  readonly from: number;
  readonly to: number;
};
