import type { Log } from '@millrace/core/log/create-log';
import { formatInstant } from '@millrace/core/schema/rfc3339';
import type { ChangeRule } from '../change/change-rules.ts';
import type { WriteOutcomes } from '../write/write-outcomes.ts';
import type { Failing } from './watch-failures.ts';

type TurnOffOptions = {
  readonly change: ChangeRule;
  readonly write: WriteOutcomes;
  readonly log: Log;
  readonly onTurnedOff: () => void;
};

/** Turns a failing rule off: by a record of the rule that says why, and an `error` evaluation as an alert. The others go on. */
export function createTurnOff({
  change,
  write,
  log,
  onTurnedOff,
}: TurnOffOptions): (failing: Failing) => Promise<void> {
  return async ({ last, failures, of }) => {
    const { ruleId, version, name } = last.rule;
    const reason = `turned off: ${failures} of its last ${of} evaluations failed, the last one because ${last.reason}`;
    let isTurned = false;
    await change(ruleId, (catalog) => {
      const current = catalog.current(ruleId);
      if (current?.version !== version || current.definition.mode === 'off') return undefined;
      isTurned = true;
      return { version, definition: { ...current.definition, mode: 'off' }, modeReason: reason };
    });
    if (!isTurned) return;
    onTurnedOff();
    log.error({ rule_id: ruleId, version, name, reason }, 'a rule fails too often and is turned off');
    await write([{ ...last, cause: `turned off at ${formatInstant(last.at)}`, reason, values: {} }]);
  };
}
