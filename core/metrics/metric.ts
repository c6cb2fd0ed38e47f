/** A metric as data: what a service registers, and what docs/metrics.md and the dashboards are made from. */
export type Metric<Type extends string = 'counter' | 'gauge' | 'histogram', Label extends string = string> = {
  readonly type: Type;
  /** `millrace_<service>_<what>_<unit>`; a counter ends in `_total`. */
  readonly name: string;
  readonly help: string;
  readonly labels?: readonly Label[];
  /** Of a histogram: the upper bounds. */
  readonly buckets?: readonly number[];
};

export type MetricList = Readonly<Record<string, Metric>>;
