import { randomUUID } from 'node:crypto';

export type Run = { event_id: string; user_id: string; duration: number; distance: number; timestamp: string };

const START = Date.UTC(2026, 2, 1);
const USERS = Array.from({ length: 50 }, () => randomUUID());

/** A valid run; `i` spreads users and times, whole numbers keep sums exact. */
export function runNumber(i: number): Run {
  return {
    event_id: randomUUID(),
    user_id: USERS[i % USERS.length] ?? randomUUID(),
    duration: 600 + (i % 3000),
    distance: 1000 + (i % 9000),
    timestamp: new Date(START + i * 1000).toISOString(),
  };
}

export const runs = (count: number): Run[] => Array.from({ length: count }, (_, i) => runNumber(i));
