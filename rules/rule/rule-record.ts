import type { Fault } from '@millrace/core/problem/problem';
import type { Value } from '@millrace/core/schema/from-json';
import type { z } from 'zod';
import { type RuleDefinition, ruleDefinition } from './definition.ts';

/** The faults of a parsed body, each with its JSON pointer. */
export const faultsOf = (error: z.ZodError): Fault[] =>
  error.issues.flatMap((issue) => {
    const at = issue.path.map((part) => `/${String(part)}`).join('');
    if (issue.code === 'unrecognized_keys')
      return issue.keys.map((key) => ({ pointer: `${at}/${key}`, message: 'is not known here' }));
    return [
      {
        pointer: at,
        message: issue.code === 'invalid_key' ? (issue.issues[0]?.message ?? issue.message) : issue.message,
      },
    ];
  });

const OWN = Object.keys(ruleDefinition.shape);

/** The definition in a record of the stream of rules, given as JSON; undefined for one that no version of this service wrote. */
export function definitionIn(record: Readonly<Value>): RuleDefinition | undefined {
  return ruleDefinition.safeParse(Object.fromEntries(OWN.map((name) => [name, record[name]]))).data;
}
