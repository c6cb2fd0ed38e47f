import { type Context, checkCel, type Fault, parseCel, type Variables } from './cel.ts';
import { findFaults, hasNestedLoops } from './find-faults.ts';
import { type Path, readsOf } from './reads-of.ts';
import { renameCalls } from './rename-calls.ts';
import { compileShortcut } from './shortcut.ts';

export type Expression = {
  /** Throws where a value is missing or of another type than the text needs. */
  readonly holds: (context: Context) => boolean;
  readonly reads: readonly Path[];
};

export type Compiled = { readonly expression: Expression } | { readonly faults: readonly PlacedFault[] };

/** `line` and `column` count from 1. */
export type PlacedFault = { readonly message: string; readonly line: number; readonly column: number };

const LONGEST = 4_096;

/** What a rule is checked against: one kind of event, with a name to say which in messages. */
export type CheckedAgainst = { readonly name: string; readonly variables: Variables };

/** Compiles a condition, checked against each kind of event that it will meet. */
export function compileExpression(text: string, kinds: readonly CheckedAgainst[]): Compiled {
  if (text.length > LONGEST)
    return { faults: [{ message: `has more than ${LONGEST} characters`, line: 1, column: 1 }] };
  const parsed = parseCel(text);
  if ('fault' in parsed) return { faults: [placed(text, parsed.fault)] };
  const faults = findFaults(parsed.root);
  if (faults.length > 0) return { faults: faults.map((fault) => placed(text, fault)) };
  const renamed = renameCalls(text, parsed.root);
  if ('fault' in renamed) return { faults: [placed(text, renamed.fault)] };
  const mistyped = kinds.flatMap((kind) => typeFaults(renamed.text, kind, kinds.length > 1));
  const [first] = mistyped;
  if (first) return { faults: mistyped.map((fault) => placed(text, fault)) };
  const running = parseCel(renamed.text);
  if ('fault' in running) return { faults: [placed(text, running.fault)] };
  const isNested = hasNestedLoops(parsed.root);
  const shortcut = compileShortcut(running.root);
  const holds = (context: Context) => {
    const answer = shortcut?.(context);
    if (typeof answer === 'boolean') return answer;
    if (isNested) refuseLongLists(context.event);
    return isTrue(running.run(context));
  };
  return { expression: { holds, reads: readsOf(parsed.root) } };
}

function typeFaults(text: string, { name, variables }: CheckedAgainst, isOneOfMany: boolean): Fault[] {
  const checked = checkCel(text, variables);
  const suffix = isOneOfMany ? ` (in ${name})` : '';
  if ('fault' in checked) return [{ ...checked.fault, message: checked.fault.message + suffix }];
  if (checked.type === 'bool' || checked.type === 'dyn') return [];
  return [{ message: `must be true or false; this is a ${checked.type}${suffix}`, start: 0, end: text.length }];
}

function isTrue(result: unknown): boolean {
  if (typeof result === 'boolean') return result;
  throw new Error('the condition is neither true nor false');
}

const MOST_LOOPED = 1_000;

function refuseLongLists(value: unknown): void {
  if (typeof value !== 'object' || value === null) return;
  const inner = Object.values(value);
  if (inner.length > MOST_LOOPED) throw new Error(`loops in loops take lists of up to ${MOST_LOOPED} elements`);
  for (const each of inner) refuseLongLists(each);
}

function placed(text: string, { message, start }: Fault): PlacedFault {
  const before = text.slice(0, start).split('\n');
  return { message, line: before.length, column: (before.at(-1)?.length ?? 0) + 1 };
}
