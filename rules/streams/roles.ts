import type { Stream } from '@millrace/core/schema/stream';

/** The streams that rules are kept in, asked about and written to. */
export type Roles = {
  readonly rules: Stream;
  readonly accounts: Stream;
  readonly events: Stream;
  readonly wonEvents: Stream;
  readonly anomalies: Stream;
  readonly evaluations: Stream;
};

/** By the full names of their records, whatever the streams are called; undefined where one is missing. */
export function findRoles(streams: readonly Stream[]): Roles | undefined {
  const of = (name: string) => streams.find(({ recordName }) => recordName === `millrace.rewards.${name}`);
  const [rules, accounts, events, wonEvents] = [of('Rule'), of('Account'), of('Event'), of('WonEvent')];
  const [anomalies, evaluations] = [of('Anomaly'), of('RuleEvaluation')];
  if (!rules || !accounts || !events || !wonEvents || !anomalies || !evaluations) return undefined;
  return { rules, accounts, events, wonEvents, anomalies, evaluations };
}
