import type { Value } from '@millrace/core/schema/from-json';
import type { Stream } from '@millrace/core/schema/stream';
import { parseCel } from '../../expression/cel.ts';
import { compileExpression, type PlacedFault } from '../../expression/compile-expression.ts';
import { shapeOfFields } from '../../expression/shape-of-fields.ts';
import { compileToCel } from '../../expression/to-cel.ts';
import { nodesOf } from '../../expression/walk.ts';

/** Whether a decoded event is to be delivered. Throws where a value is missing that the text needs. */
export type Matches = (value: Readonly<Value>) => boolean;

const ELSEWHERE = new Set(['account', 'windows']);

/** Compiles the condition on the events of a delivery, in the language of rules; without a text every event matches. */
export function compileFilter(
  text: string | null,
  stream: Stream,
): { readonly matches: Matches } | { readonly faults: readonly PlacedFault[] } {
  if (text === null) return { matches: () => true };
  const event = shapeOfFields(stream.fields);
  const compiled = compileExpression(text, [{ name: stream.name, variables: { event, account: null, windows: {} } }]);
  if ('faults' in compiled) return compiled;
  const foreign = foreignNames(text);
  if (foreign.length > 0) return { faults: foreign };
  const toCel = compileToCel(stream.fields);
  const { holds } = compiled.expression;
  return { matches: (value) => holds({ event: toCel(value), account: null, windows: {} }) };
}

/** What a rule may name and a filter may not. */
function foreignNames(text: string): PlacedFault[] {
  const parsed = parseCel(text);
  if ('fault' in parsed) return [];
  return [...nodesOf(parsed.root)].flatMap((node) => {
    if (node.op !== 'id' || !ELSEWHERE.has(node.args)) return [];
    const before = text.slice(0, node.start).split('\n');
    const message = `a filter knows event alone, and no ${node.args}`;
    return [{ message, line: before.length, column: (before.at(-1)?.length ?? 0) + 1 }];
  });
}
