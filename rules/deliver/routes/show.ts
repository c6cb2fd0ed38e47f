import type { Database } from '@millrace/core/database/open-database';
import type { Stream } from '@millrace/core/schema/stream';
import type { OffsetReader } from '@millrace/core/stream/topic-offsets';
import type { Delivery } from '../delivery/delivery.ts';
import { stateOf } from '../delivery/state.ts';
import { countUnread } from '../run/unread.ts';
import type { listAttempts } from '../store/attempts.ts';
import type { Secrets } from '../store/secrets.ts';
import { type Backlog, lastAttempt, lastError, noBacklog } from '../store/status.ts';

export type ShowOptions = {
  readonly db: Database;
  readonly admin: OffsetReader;
  readonly streams: readonly Stream[];
  readonly secrets: Secrets;
  readonly fault: (deliveryId: string) => string | undefined;
};

/** `2026-03-14T07:32:10.000Z`, of a time as the database writes it. */
const shownTime = (text: string | null): string | null => text && `${text.replace(' ', 'T')}Z`;

/** Compiles what the API shows of a delivery: all but its secrets. */
export const createShow =
  ({ db, admin, streams, secrets, fault }: ShowOptions) =>
  async (delivery: Delivery, backlogs: ReadonlyMap<string, Backlog>) => {
    const { deliveryId, name, stream, url, filter } = delivery;
    const backlog = backlogs.get(deliveryId) ?? noBacklog;
    const topic = streams.find((each) => each.name === stream)?.topic;
    const [error, last, dates, unread] = await Promise.all([
      lastError(db, deliveryId),
      lastAttempt(db, deliveryId),
      secrets.dates(db, deliveryId),
      topic === undefined ? undefined : countUnread(db, admin, deliveryId, topic).catch(() => undefined),
    ]);
    const { state, since, reason } = stateOf(delivery, { backlog, lastError: error, fault: fault(deliveryId) });
    return {
      ...{ delivery_id: deliveryId, name, stream, url, filter },
      ...{ state, state_since: shownTime(since), state_reason: reason, last_error: error },
      last_attempt: last ? { ...last, attempted_at: shownTime(last.attempted_at) } : null,
      waiting: unread === undefined ? null : unread + backlog.retrying,
      retrying: backlog.retrying,
      failed: backlog.failed,
      left_alone_until: delivery.notBefore > Date.now() ? new Date(delivery.notBefore).toISOString() : null,
      filter_errors: delivery.filterErrors,
      last_filter_error: delivery.lastFilterError,
      missed: delivery.missed,
      secrets: dates.map((each) => ({ created_at: shownTime(each.created_at), ends_at: shownTime(each.ends_at) })),
      created_at: shownTime(delivery.createdAt),
      updated_at: shownTime(delivery.updatedAt),
    };
  };

type AttemptRow = Awaited<ReturnType<typeof listAttempts>>[number];

export const showAttempt = ({ attempt_row: _, attempted_at: at, ...rest }: AttemptRow) => ({
  ...rest,
  attempted_at: shownTime(at),
});
