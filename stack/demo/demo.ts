import { operatorHeaders } from '@millrace/core/access/operator-headers';
import { readConfig } from '@millrace/core/config/read-config';
import { showProgress } from '../artifacts/progress.ts';
import type { StackCli } from '../cli/stack-cli.ts';
import { StackError } from '../stack-error.ts';
import type { Month } from './month.ts';
import { postEvents } from './post-events.ts';
import { showAnswers, waitUntilCounted } from './show-answers.ts';
import { weekOfEvents } from './week-of-events.ts';

export type DemoOptions = {
  readonly users: number;
  readonly days: number;
  /** All of it, instead of the last days. */
  readonly month?: Month;
  readonly seed: string;
};

/** Feeds the platform through its front door, then asks it what an app would. */
export async function demo(
  { settings, env, out }: StackCli,
  { users, seed, month, ...given }: DemoOptions,
): Promise<void> {
  const { receiver, storage, analyzer } = settings.services;
  const urlOf = (port: number) => `http://127.0.0.1:${port}`;
  const days = month?.days ?? given.days;
  const events = weekOfEvents({ seed, users, days, now: month?.end ?? Date.now() });
  const [first, last] = [events[0], events.at(-1)];
  if (!first || !last) throw new StackError('Nobody ran in that time; take more users or more days.');

  const headers = await operatorHeaders(readConfig(env), env);
  const title = `Posting ${users} people's ${days} days`;
  const progress = showProgress({ title, total: events.length, unit: 'events', out });
  const begun = performance.now();
  const { accepted, refused } = await postEvents(events, {
    receiverUrl: urlOf(receiver),
    headers,
    onPosted: () => progress.add(1),
  }).finally(() => progress.close());
  const seconds = (performance.now() - begun) / 1_000;
  out.write(`${accepted} accepted in ${seconds.toFixed(1)} s, ${refused.length} refused\n`);
  for (const reason of refused.slice(0, 5)) out.write(`  ${reason}\n`);

  await waitUntilCounted({ analyzerUrl: urlOf(analyzer), headers }, Date.now());
  const someone = String(last.record.user_id);
  const urls = { storageUrl: urlOf(storage), analyzerUrl: urlOf(analyzer) };
  await showAnswers({ ...urls, userId: someone, headers, from: first.timestamp, out });
  if (refused.length > 0) throw new StackError(`${refused.length} events were refused.`);
}
