import { type Fault, type Node, parseCel } from './cel.ts';
import { isZonedGetter, MATCHES, ownName } from './own-functions.ts';
import { nodesOf, shapeOf } from './walk.ts';

/**
 * The text with calls of our own functions in place of those that can hold up the process, at the same places. The names are found
 * in the parsed text, and the result is parsed and compared: a text in which they are not where they should be is refused.
 */
export function renameCalls(text: string, root: Node): { readonly text: string } | { readonly fault: Fault } {
  const calls = [...nodesOf(root)].flatMap((node) => callOf(node) ?? []);
  if (calls.length === 0) return { text };
  let renamed = text;
  for (const { name, receiver, argument } of calls) {
    const at = text.slice(receiver.end, argument.start).lastIndexOf(name) + receiver.end;
    renamed = renamed.slice(0, at) + ownName(name) + renamed.slice(at + name.length);
  }
  const parsed = parseCel(renamed);
  if (
    'root' in parsed &&
    JSON.stringify(shapeOf(parsed.root)) ===
      JSON.stringify(shapeOf(root, (name, node) => (callOf(node) ? ownName(name) : name)))
  )
    return { text: renamed };
  const { start, end } = root;
  return { fault: { message: 'a call could not be read; write it without comments between its parts', start, end } };
}

type Call = { readonly name: string; readonly receiver: Node; readonly argument: Node };

function callOf(node: Node): Call | undefined {
  if (node.op !== 'rcall') return undefined;
  const [name, receiver, [argument, more]] = node.args;
  if (!argument || more) return undefined;
  return name === MATCHES || isZonedGetter(name) ? { name, receiver, argument } : undefined;
}
