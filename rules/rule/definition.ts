import { z } from 'zod';
import { kinds, modes } from './rule.ts';
import { overs } from './window.ts';

const name = (what: string) =>
  z.string({ error: 'must be text' }).min(1, 'must not be empty').max(200, `${what} may have at most 200 characters`);
const oneOf = <const Each extends string>(values: readonly Each[]) =>
  z.enum(values, { error: `must be one of ${values.join(', ')}` });

/** A time as the API takes it. */
export const instantText = z.iso.datetime({ offset: true, error: 'must be a time such as 2026-03-14T07:30:00Z' });

/** As the body of a request, and as a record of the stream of rules. */
export const windowDefinition = z.strictObject(
  {
    over: oneOf(overs),
    kind: oneOf(['tumbling', 'sliding']),
    measure: z.string({ error: 'must be text, such as sum(distance)' }).max(200),
    timezone: z.string({ error: 'must be text, such as Europe/Berlin' }).max(50).default('UTC'),
    lateness: z.string({ error: 'must be text, such as 6h' }).max(10).nullable().default(null),
  },
  { error: 'must be an object' },
);

export type WindowDefinition = z.output<typeof windowDefinition>;

const WINDOW_NAME = /^[A-Za-z_][A-Za-z0-9_]{0,63}$/;
const windowName = z.string().regex(WINDOW_NAME, 'a window is named like a variable, such as week_km');

export const ruleDefinition = z.strictObject(
  {
    name: name('a name'),
    kind: oneOf(kinds),
    streams: z.array(name('a stream'), { error: 'must be a list of streams' }).min(1, 'must not be empty').max(20),
    windows: z.record(windowName, windowDefinition, { error: 'must be an object of windows' }).default({}),
    when: z
      .string({ error: 'must be an expression' })
      .min(1, 'must not be empty')
      .max(4_096, 'may have at most 4096 characters'),
    mode: oneOf(modes).default('on'),
    effective_from: instantText.nullable().default(null),
    every: z.string({ error: 'must be text, such as 15m' }).max(10).nullable().default(null),
  },
  { error: 'must be an object' },
);

export type RuleDefinition = z.output<typeof ruleDefinition>;
