import type { Fault } from '@millrace/core/problem/problem';
import type { Stream } from '@millrace/core/schema/stream';
import { type CompiledRule, withExpression } from '../evaluate/compile-rule.ts';
import { compileExpression } from '../expression/compile-expression.ts';
import { shapeOfFields } from '../expression/shape-of-fields.ts';
import type { Subjects } from '../streams/subjects.ts';
import { compileWindow } from './compile-window.ts';
import type { RuleDefinition } from './definition.ts';
import { parseDuration } from './duration.ts';
import { type Rule, WON_EVENTS } from './rule.ts';
import type { Window } from './window.ts';

/** What a definition is without saying which rule it is. */
export type Identity = Pick<Rule, 'ruleId' | 'version'>;

/** A period of a schedule: of at least a minute. */
const PERIOD = /^[1-9]\d{0,6}[mhd]$/;
const MOST_WINDOWS = 10;

/** Compiles a definition, or says everything that is wrong with it. */
export function compileDefinition(
  definition: RuleDefinition,
  { ruleId, version }: Identity,
  subjects: Subjects,
): { readonly rule: CompiledRule } | { readonly faults: readonly Fault[] } {
  const faults: Fault[] = [];
  const streams = definition.streams.flatMap((name, index) => {
    const refusal = subjects.refusal(name);
    if (refusal !== undefined) faults.push({ pointer: `/streams/${index}`, message: `${name} ${refusal}` });
    return streamOf(name, subjects) ?? [];
  });
  if (new Set(definition.streams).size < definition.streams.length)
    faults.push({ pointer: '/streams', message: 'names a stream twice' });
  const { every } = definition;
  const everyMs = every === null || !PERIOD.test(every) ? undefined : parseDuration(every);
  if (every !== null && everyMs === undefined)
    faults.push({ pointer: '/every', message: 'must be at least 1m, such as 15m or 1h' });
  const windows: Record<string, Window> = {};
  const names = Object.keys(definition.windows);
  if (names.length > MOST_WINDOWS) faults.push({ pointer: '/windows', message: `may have at most ${MOST_WINDOWS}` });
  for (const [name, given] of Object.entries(definition.windows)) {
    const compiled = compileWindow(
      given,
      streams,
      definition.streams.map((each) => internalName(each, subjects)),
    );
    if ('faults' in compiled)
      for (const { pointer, message } of compiled.faults)
        faults.push({ pointer: `/windows/${name}${pointer}`, message });
    else windows[name] = compiled.window;
  }
  if (streams.length === 0) return { faults };

  const isScheduled = every !== null;
  const shape = {
    account: shapeOfFields(subjects.roles.accounts.fields),
    windows: Object.fromEntries(names.map((name) => [name, 'double'])),
  };
  const kinds = isScheduled
    ? [{ name: 'a schedule', variables: { ...shape, event: null } }]
    : streams.map(({ name, fields }) => ({ name, variables: { ...shape, event: shapeOfFields(fields) } }));
  const compiled = compileExpression(definition.when, kinds);
  if ('faults' in compiled) {
    for (const { message, line, column } of compiled.faults)
      faults.push({ pointer: '/when', message: `line ${line}, column ${column}: ${message}` });
    return { faults };
  }
  if (faults.length > 0) return { faults };
  const rule: Rule = {
    ...{ ruleId, version, name: definition.name, kind: definition.kind, windows, when: definition.when },
    streams: definition.streams.map((name) => internalName(name, subjects)),
    mode: definition.mode,
    effectiveFrom: definition.effective_from === null ? undefined : Date.parse(definition.effective_from),
    everyMs,
  };
  return { rule: withExpression(rule, compiled.expression) };
}

/** Won events are known by one name here, whatever the stream is called. */
const internalName = (name: string, { roles }: Subjects): string => (name === roles.wonEvents.name ? WON_EVENTS : name);

function streamOf(name: string, { roles, read }: Subjects): Stream | undefined {
  return name === roles.wonEvents.name ? roles.wonEvents : read.get(name);
}
