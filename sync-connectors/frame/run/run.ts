import type { Entity, Scope } from '../connector.ts';

export const triggers = ['manual', 'schedule', 'backfill'] as const;
export type Trigger = (typeof triggers)[number];

export const runStates = ['running', 'succeeded', 'partial', 'failed', 'held', 'cancelled'] as const;
export type RunState = (typeof runStates)[number];

/** What became of rows. `read` is those that the vendor gave, `stale` those that it no longer has. */
export type Counts = {
  read: number;
  /** Written to the stream because they were new or changed, the returned ones included. */
  emitted: number;
  unchanged: number;
  rejected: number;
  stale: number;
  /** Were stale, and are there again. */
  returned: number;
};

export const noCounts = (): Counts => ({ read: 0, emitted: 0, unchanged: 0, rejected: 0, stale: 0, returned: 0 });

/** One entity's part of a run. */
export type RunPart = {
  readonly connector: string;
  readonly entity: Entity;
  readonly scope: Scope;
  /** Everything is read again, whatever the cursor says. */
  readonly full: boolean;
};

/** `<connector>/<entity>`: what its rows, its cursor and its records are found under. */
export const sourceOf = (connector: string, entity: string): string => `${connector}/${entity}`;
