import { setting } from '@millrace/core/config/setting';
import { wholeNumber } from '@millrace/core/config/setting-types';
import { z } from 'zod';
import { deliverySettings } from './deliver/settings.ts';

const share = z.string().transform((text, context): number => {
  const value = Number(text);
  if (/^\d(\.\d+)?$/.test(text) && value <= 1) return value;
  context.addIssue('must be a share from 0 to 1, such as 0.01');
  return z.NEVER;
});

export const rulesSettings = z.object({
  RULES_CLOCK_SKEW_MS: setting(
    '100',
    wholeNumber(0),
    "How far the brokers' clocks may be apart: the least time from an event to what rules say of it.",
  ),
  MAX_CHAIN_DEPTH: setting(
    '5',
    wholeNumber(0, 20),
    'How many won events may lead to another one, one through the other.',
  ),
  RULES_DRY_RUN_SECONDS: setting(
    '20',
    wholeNumber(0, 300),
    'How long a client waits for the answer of a dry run; after that it is given a run to look at.',
  ),
  RULES_THREADS: setting(
    '1',
    wholeNumber(1, 64),
    'How many threads evaluate events as they come. Each takes a share of the account partitions.',
  ),
  RULES_OFF_AT_FAILURES: setting(
    '0.5',
    share,
    'The share of failures among the last 100 evaluations of a rule at which it is turned off, from 0 to 1.',
  ),
  RULES_SHIPPED: setting(
    'on',
    z.enum(['on', 'off'], { error: 'must be on or off' }),
    'Whether the rules that Millrace brings along are made where they never were.',
  ),
  RULES_KEEP_NOT_WON: setting(
    '0.01',
    share,
    'The share of evaluations without a win that is kept in rule-evaluations, from 0 to 1; all others are kept.',
  ),
  ...deliverySettings.shape,
});

export type RulesSettings = z.output<typeof rulesSettings>;
