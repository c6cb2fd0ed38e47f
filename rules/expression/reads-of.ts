import type { Node } from './cel.ts';
import { childrenOf } from './walk.ts';

/** What an expression reads of a variable: `event.distance` is `['event', 'distance']`. */
export type Path = readonly string[];

const VARIABLES = new Set(['event', 'account']);

/** The fields that an expression reads of `event` and `account`, each once, in the order of the text. */
export function readsOf(root: Node): readonly Path[] {
  const found = new Map<string, Path>();
  const visit = (node: Node): void => {
    const path = pathOf(node);
    if (path && path.length > 1) found.set(path.join('.'), path);
    else for (const child of childrenOf(node)) visit(child);
  };
  visit(root);
  return [...found.values()];
}

function pathOf(node: Node): Path | undefined {
  if (node.op === 'id') return VARIABLES.has(node.args) ? [node.args] : undefined;
  if (node.op === '.' || node.op === '.?') {
    const path = pathOf(node.args[0]);
    return path && [...path, node.args[1]];
  }
  if (node.op !== '[]' || node.args[1].op !== 'value' || typeof node.args[1].args !== 'string') return undefined;
  const path = pathOf(node.args[0]);
  return path && [...path, node.args[1].args];
}
