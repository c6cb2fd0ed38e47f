import { Problem } from '@millrace/core/problem/problem';

/** One request's part of the budget. */
export type Claim = {
  /** Throws `saturated` when there is not that much left. */
  take(bytes: number): void;
  /** Gives back all that was taken. */
  release(): void;
};

/** What request bodies may take of memory together: past it a request is told to come back, and memory stays flat. */
export function createBudget(maxBytes: number): { claim(): Claim } {
  let taken = 0;
  return {
    claim() {
      let mine = 0;
      return {
        take(bytes) {
          if (taken + bytes > maxBytes)
            throw new Problem('saturated', 'too many bytes are on their way in: nothing was written');
          taken += bytes;
          mine += bytes;
        },
        release() {
          taken -= mine;
          mine = 0;
        },
      };
    },
  };
}
