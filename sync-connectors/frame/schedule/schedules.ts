import { setTimeout as sleep } from 'node:timers/promises';
import type { Database } from '@millrace/core/database/open-database';
import { databaseProblem } from '@millrace/core/database/open-database';
import { whileTransient } from '@millrace/core/database/while-transient';
import type { Log } from '@millrace/core/log/create-log';
import { retry } from '@millrace/core/retry/retry';
import { Cron } from 'croner';
import type { OpenConnector } from '../run/run-options.ts';
import type { ScheduleEntry } from './schedule-settings.ts';
import { type TickOutcome, takeTick } from './tick.ts';

export type Schedule = {
  readonly open: OpenConnector;
  readonly full: boolean;
  readonly pattern: string;
  next(): Date | null;
};

/** The settings' schedules, and for connectors that those don't name the connectors' own. */
export function schedulesOf(
  connectors: readonly OpenConnector[],
  entries: readonly ScheduleEntry[],
  timezone: string,
): Schedule[] {
  return connectors.flatMap((open) => {
    const given = entries.filter(({ connector }) => connector === open.connector.name);
    const own = { full: false, pattern: open.connector.schedule };
    const all = given.some(({ full }) => !full) ? given : [...given, own];
    return all.flatMap(({ full, pattern }) => {
      if (pattern === undefined) return [];
      const cron = new Cron(pattern, { paused: true, timezone });
      return [{ open, full, pattern, next: () => cron.nextRun() }];
    });
  });
}

/** As Node's timers have a longest time, and clocks are set: the time to wait is worked out again at least so often. */
const LONGEST_SLEEP_MS = 30_000;

type SchedulesOptions = {
  readonly db: Database;
  readonly schedules: readonly Schedule[];
  readonly onTick: (connector: string, outcome: TickOutcome) => void;
  readonly log: Log;
};

/** Makes runs when they are due, until it is closed. What was due while no replica ran is not made up for. */
export function keepSchedules({ db, schedules, onTick, log }: SchedulesOptions): { close(): Promise<void> } {
  const stop = new AbortController();
  const { signal } = stop;
  const kept = schedules.map((schedule) => keep(schedule));
  return {
    async close() {
      stop.abort();
      await Promise.all(kept);
    },
  };

  async function keep(schedule: Schedule): Promise<void> {
    const { connector } = schedule.open;
    for (let due = schedule.next(); due && !signal.aborted; due = schedule.next()) {
      while (!signal.aborted && Date.now() < due.getTime()) {
        const ms = Math.min(due.getTime() - Date.now(), LONGEST_SLEEP_MS);
        await sleep(ms, undefined, { signal, ref: false }).catch(() => undefined);
      }
      if (signal.aborted) return;
      const at = due;
      const patient = { ...whileTransient(log, 'a tick waits for the database'), signal };
      await retry(patient, () => takeTick(db, nameOf(schedule), at, partsOf(schedule)))
        .then((outcome) => onTick(connector.name, outcome))
        .catch((error: unknown) => {
          if (!signal.aborted) log.error({ err: databaseProblem(error), connector: connector.name }, 'a tick failed');
        });
    }
  }
}

const nameOf = ({ open, full }: Schedule) => `${open.connector.name}${full ? ':full' : ''}`;

const partsOf = ({ open, full }: Schedule) =>
  open.entities().map((entity) => ({ connector: open.connector.name, entity, scope: { kind: 'all' as const }, full }));
