import type { Addresses } from '../settings/addresses.ts';

/** What a test may do to a real part. */
export type StackPart = {
  /** Freezes it: connections stay open and nothing is answered. */
  pause(): Promise<void>;
  resume(): Promise<void>;
  /** kill -9. */
  kill(): Promise<void>;
  /** Starts it again on the same port with the same data, and waits until it answers. */
  start(): Promise<void>;
};

export type Stack = Addresses & {
  /** Present when the provider can reach the processes: `local` can. */
  readonly parts?: { readonly kafka: StackPart; readonly registry: StackPart; readonly mariadb: StackPart };
  close(): Promise<void>;
};
