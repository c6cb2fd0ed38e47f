/** The points of a run between which a kill must change nothing: tests end the process there. */
export const steps = [
  'before-read',
  'before-produce',
  'after-produce',
  'after-rows',
  'before-missed',
  'before-stale',
  'before-stale-produced',
  'after-stale-produced',
  'after-stale',
  'before-outcome',
  'after-outcome',
] as const;

export type Step = (typeof steps)[number];
export type OnStep = (step: Step) => void | Promise<void>;
