import { Problem } from '@millrace/core/problem/problem';

export type Budget = { claim(): Claim };

/** One request's part of the budget. */
export type Claim = {
  /** Throws `saturated` when there is not that much left. */
  take(bytes: number, records?: number): void;
  /** Gives back all that was taken. */
  release(): void;
};

/**
 * What requests on their way in may hold together, before their records are Kafka's to wait for: past it a request is
 * told to come back, so that memory stays flat and no work is done that could not be finished.
 */
export function createBudget(maxBytes: number, maxRecords: number): Budget {
  const taken = { bytes: 0, records: 0 };
  return {
    claim() {
      const mine = { bytes: 0, records: 0 };
      return {
        take(bytes, records = 0) {
          if (taken.bytes + bytes > maxBytes || taken.records + records > maxRecords)
            throw new Problem('saturated', 'too much is on its way in: nothing was written');
          for (const part of [taken, mine]) {
            part.bytes += bytes;
            part.records += records;
          }
        },
        release() {
          taken.bytes -= mine.bytes;
          taken.records -= mine.records;
          mine.bytes = 0;
          mine.records = 0;
        },
      };
    },
  };
}
