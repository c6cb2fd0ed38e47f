import type { Stream } from '@millrace/core/schema/stream';
import type { Roles } from './roles.ts';

/** The fields that name an account. */
const KEYS = new Set(['account_id', 'user_id']);

/** What rules may be about. */
export type Subjects = {
  readonly roles: Roles;
  /** The streams whose records are read, accounts among them, by name. */
  readonly read: ReadonlyMap<string, Stream>;
  /** How many partitions each of them has: the same number, so that an account's records lie in partitions of one number. */
  readonly partitions: number;
  /** Why no rule can be about a stream; undefined where one can. */
  refusal(name: string): string | undefined;
};

/** @param counts how many partitions each topic has */
export function findSubjects(streams: readonly Stream[], roles: Roles, counts: ReadonlyMap<string, number>): Subjects {
  const written: readonly Stream[] = [roles.wonEvents, roles.anomalies, roles.evaluations, roles.rules];
  const partitions = counts.get(roles.accounts.topic) ?? roles.accounts.partitions;
  const refusals = new Map(streams.map((stream) => [stream.name, refusalOf(stream)]));
  const read = streams.filter((stream) => !written.includes(stream) && refusals.get(stream.name) === undefined);
  return {
    roles,
    read: new Map(read.map((stream) => [stream.name, stream])),
    partitions,
    refusal: (name) => (refusals.has(name) ? refusals.get(name) : 'is no stream'),
  };

  function refusalOf(stream: Stream): string | undefined {
    const { key, topic } = stream;
    if (stream === roles.wonEvents) return undefined;
    if (written.includes(stream)) return 'is written by rules themselves; of those only won events may be evaluated';
    if (!KEYS.has(key.name))
      return `has the key ${key.name}, which is no account; rules are about account_id or user_id`;
    const count = counts.get(topic) ?? stream.partitions;
    if (count !== partitions)
      return `has ${count} partitions and accounts have ${partitions}, so their records do not come together`;
    return undefined;
  }
}
