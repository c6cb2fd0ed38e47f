/** An element of a feed as it was read, with its line. */
export type FeedElement = { readonly attributes: Readonly<Record<string, string>>; readonly line: number };
export type FeedPlan = FeedElement & { readonly zones: readonly FeedElement[] };
export type FeedBasePlan = FeedElement & { readonly plans: readonly FeedPlan[]; readonly isTooLarge: boolean };

/** What the elements and their attributes are called: `base_plan_id`, `plan_start_date`. */
export type Vocabulary = { readonly root: string; readonly base: string; readonly plan: string };

export const vocabularies: readonly Vocabulary[] = [
  { root: 'planList', base: 'base_plan', plan: 'plan' },
  { root: 'eventList', base: 'base_event', plan: 'event' },
];
