import { messageOf } from '@millrace/core/problem/message-of';
import { Cron } from 'croner';
import { z } from 'zod';

/** When a connector runs; `pattern` undefined for never. */
export type ScheduleEntry = {
  readonly connector: string;
  readonly full: boolean;
  readonly pattern: string | undefined;
};

const ENTRY = /^([a-z][a-z0-9-]*)(:full)?\s*=(.+)$/;

/** Why a text is no cron expression; undefined when it is one. */
export function patternFault(pattern: string): string | undefined {
  try {
    return new Cron(pattern, { paused: true, timezone: 'UTC' }).nextRun() ? undefined : 'has no next time';
  } catch (error) {
    return messageOf(error);
  }
}

/** `blackbaud=0 * * * *; blackbaud:full=0 3 * * 0`: each connector at most once with `:full` and once without. */
export const schedulesSetting = z.string().transform((text, context): readonly ScheduleEntry[] => {
  const entries: ScheduleEntry[] = [];
  for (const part of text.split(';').map((each) => each.trim())) {
    if (part === '') continue;
    const [, connector, full, given = ''] = ENTRY.exec(part) ?? [];
    const pattern = given.trim();
    const fault = pattern === 'off' ? undefined : patternFault(pattern);
    if (connector === undefined) context.addIssue(`must be name=cron, with ; between; “${part}” is not`);
    else if (fault !== undefined) context.addIssue(`has for ${connector} what is no cron expression: ${fault}`);
    else if (entries.some((each) => each.connector === connector && each.full === (full !== undefined)))
      context.addIssue(`names ${connector}${full ?? ''} more than once`);
    else entries.push({ connector, full: full !== undefined, pattern: pattern === 'off' ? undefined : pattern });
  }
  return entries;
});

export const timeZoneSetting = z.string().refine(isTimeZone, { error: 'must be a time zone such as Europe/Vienna' });

function isTimeZone(name: string): boolean {
  try {
    return new Intl.DateTimeFormat('en', { timeZone: name }).resolvedOptions().timeZone !== '';
  } catch {
    return false;
  }
}
