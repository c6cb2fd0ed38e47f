import { v5 } from 'uuid';
import { type RuleDefinition, ruleDefinition } from '../rule/definition.ts';

export type ShippedRule = { readonly ruleId: string; readonly definition: RuleDefinition };

/** Of the ids of shipped rules: fixed for ever, or a release would bring back what an operator has changed or ended. */
const NAMESPACE = '3d8e1f0a-6a55-5c1b-9a39-0f4b7f1f2c77';

const anomaly = (stream: string, name: string, when: string) => ({ name, kind: 'anomaly', streams: [stream], when });

const all = (running: string, music: string): readonly (readonly [slug: string, definition: object])[] => [
  ['long-run', anomaly(running, 'A long run', 'event.distance > 60000.0 || event.duration > 28800.0')],
  ['short-run', anomaly(running, 'A short run', 'event.distance < 100.0 || event.duration < 60.0')],
  ['long-song', anomaly(music, 'A long song', 'event.song_duration > 1200.0')],
  ['short-song', anomaly(music, 'A short song', 'event.song_duration < 30.0')],
  [
    'ten-runs-in-a-week',
    {
      ...{ name: 'Ten runs in a week', kind: 'win', streams: [running], when: 'windows.runs == 10' },
      windows: { runs: { over: '7d', kind: 'tumbling', measure: 'count' } },
    },
  ],
  [
    '100-km-in-a-month',
    {
      ...{ name: '100 km in a month', kind: 'win', streams: [running] },
      windows: { month_m: { over: '30d', kind: 'tumbling', measure: 'sum(distance)' } },
      when: 'windows.month_m >= 100000.0 && windows.month_m - event.distance < 100000.0',
    },
  ],
];

/** The rules that Millrace brings along, about the streams of runs and songs. */
export const shippedRules = (running: string, music: string): ShippedRule[] =>
  all(running, music).map(([slug, definition]) => ({
    ruleId: v5(slug, NAMESPACE),
    definition: ruleDefinition.parse(definition),
  }));
