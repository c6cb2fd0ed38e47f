import { Problem } from '@millrace/core/problem/problem';

/** @param client whose request it is */
export type Budget = { claim(client: string): Claim };

/** One request's part of the budget. */
export type Claim = {
  /** Throws `saturated` when there is not that much left, or when its client has its share. */
  take(bytes: number, records?: number): void;
  /** Gives back all that was taken. */
  release(): void;
};

type Amount = { bytes: number; records: number };

/** What one client may hold of the budget, so that there is always some left for others. */
const SHARE = 0.5;
/** Large requests have a share of their own: a client whose large bodies stall can still send small ones. */
const LARGE_BYTES = 64 * 1024;

/**
 * What requests may hold together before their records wait for Kafka. Past it a request is refused and may be repeated, so
 * that memory stays flat and no work is done that could not be finished.
 */
export function createBudget(maxBytes: number, maxRecords: number): Budget {
  const total: Amount = { bytes: 0, records: 0 };
  /** Of each client the small and the large requests; only of those that hold something. */
  const held = new Map<string, Amount>();

  return {
    claim(client) {
      const mine: Amount = { bytes: 0, records: 0 };
      let holder = client;
      return {
        take(bytes, records = 0) {
          if (total.bytes + bytes > maxBytes || total.records + records > maxRecords) throw saturated();
          if (holder === client && mine.bytes + bytes > LARGE_BYTES) {
            holder = `${client} large`;
            move(client, holder, mine);
          }
          const share = held.get(holder) ?? { bytes: 0, records: 0 };
          if (share.bytes + bytes > maxBytes * SHARE || share.records + records > maxRecords * SHARE) throw saturated();
          held.set(holder, share);
          for (const amount of [total, mine, share]) add(amount, bytes, records);
        },
        release() {
          if (mine.bytes === 0 && mine.records === 0) return;
          drop(holder, mine);
          add(total, -mine.bytes, -mine.records);
          mine.bytes = 0;
          mine.records = 0;
        },
      };
    },
  };

  function move(from: string, to: string, amount: Amount): void {
    drop(from, amount);
    const there = held.get(to) ?? { bytes: 0, records: 0 };
    held.set(to, add(there, amount.bytes, amount.records));
  }

  function drop(holder: string, { bytes, records }: Amount): void {
    const share = held.get(holder);
    if (!share) return;
    add(share, -bytes, -records);
    if (share.bytes === 0 && share.records === 0) held.delete(holder);
  }
}

function add(amount: Amount, bytes: number, records: number): Amount {
  amount.bytes += bytes;
  amount.records += records;
  return amount;
}

const saturated = () => new Problem('saturated', 'server overloaded: nothing was written');
