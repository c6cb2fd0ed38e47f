import { smaller } from '@millrace/core/order/offsets';
import type { Admin } from '@millrace/core/stream/admin';
import { topicOffsets } from '@millrace/core/stream/topic-offsets';
import type { Plan } from '../evaluate/plan.ts';
import type { Subjects } from '../streams/subjects.ts';
import type { OffsetRange } from './read-ranges.ts';

export type HistoryRange = OffsetRange & {
  readonly isAccounts: boolean;
  /** Whether what it holds counts as if it had been appended before all else. */
  readonly isEarly: boolean;
};

type FindOptions = {
  readonly admin: Pick<Admin, 'fetchOffsets' | 'offsetsByTime'>;
  readonly subjects: Subjects;
  readonly plan: Plan;
  readonly from: number;
  readonly to: number;
  readonly currentAccounts: boolean;
};

/** What was appended between two times, by offsets; accounts from their beginning. */
export async function findRanges(options: FindOptions): Promise<HistoryRange[]> {
  const { admin, subjects, plan, from, to, currentAccounts } = options;
  const ranges: HistoryRange[] = [];
  for (const stream of subjects.read.values()) {
    const isAccounts = stream === subjects.roles.accounts;
    if (!isAccounts && !plan.streams.has(stream.name)) continue;
    const { topic } = stream;
    const [first, last] = [await offsetsAt(topic, from), await offsetsAt(topic, to)];
    const isEarly = isAccounts && currentAccounts;
    for (const { partition, lowOffset, logEndOffset } of await topicOffsets(admin, topic)) {
      const end = isEarly ? logEndOffset : (last.get(partition) ?? logEndOffset);
      const start = isAccounts ? lowOffset : (first.get(partition) ?? logEndOffset);
      ranges.push({ topic, partition, isAccounts, isEarly, to: end, from: smaller(start, end) });
    }
  }
  return ranges;

  async function offsetsAt(topic: string, time: number): Promise<ReadonlyMap<number, bigint>> {
    return admin.offsetsByTime(topic, Math.max(0, Math.ceil(time)));
  }
}
