import { readLoop } from '../analyzer/read-loop.ts';
import { fillTopic } from '../fill-topic.ts';
import { untilReady } from '../measure/until-counted.ts';
import { watchProcess } from '../measure/watch-process.ts';
import type { BenchContext, RowResult } from '../row.ts';
import { askDryRun } from '../rules/ask-dry-run.ts';
import { LONG_M, ruleAbout } from '../rules/make-rules.ts';
import { SETTINGS, withRules } from '../rules/with-rules.ts';

const EVENTS = 2_000_000;
const HALF_HOUR_MS = 1_800_000;

/** What a rule with a window would have done over a whole topic; beside it, a loop that reads and decodes the same. */
export const run = (context: BenchContext): Promise<RowResult> =>
  withRules(context, async (world) => {
    const from = new Date();
    const runs = world.stream('running');
    await fillTopic(world, EVENTS, { spreadMs: HALF_HOUR_MS });
    const loopMs = await readLoop(context, runs, EVENTS);
    const service = await world.start('rules', { env: SETTINGS });
    await untilReady(service.url);
    const watch = watchProcess(service.url);
    const { evaluated, would_win: wins, ms } = await askDryRun(service.url, ruleAbout(runs.name, LONG_M), from);
    if (evaluated !== EVENTS) throw new Error(`${evaluated} of ${EVENTS} events were evaluated`);
    return {
      name: `dry run of a rule with a window over ${EVENTS / 1e6}M events`,
      rawName: 'kafkajs + avsc read loop',
      raw: EVENTS / (loopMs / 1_000),
      ours: EVENTS / (ms / 1_000),
      unit: 'events/s',
      bar: 0.2,
      ...watch.peaks(),
      notes: [`${wins} wins; all events within half an hour, so that each of their ids is remembered for repeats`],
    };
  });
