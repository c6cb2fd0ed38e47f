import type { Node } from './cel.ts';

/** The nodes right below a node, from left to right. */
export function childrenOf(node: Node): readonly Node[] {
  switch (node.op) {
    case 'value':
    case 'id':
      return [];
    case '.':
    case '.?':
      return [node.args[0]];
    case 'call':
      return node.args[1];
    case 'rcall':
      return [node.args[1], ...node.args[2]];
    case 'list':
      return node.args;
    case 'map':
      return node.args.flat();
    case '!_':
    case '-_':
      return [node.args];
    default:
      return node.args;
  }
}

export function* nodesOf(root: Node): Generator<Node> {
  yield root;
  for (const child of childrenOf(root)) yield* nodesOf(child);
}

/**
 * A node without its place: equal for two texts that mean the same.
 * @param rename what a method is called instead
 */
export function shapeOf(node: Node, rename: (name: string, node: Node) => string = (name) => name): unknown {
  if (node.op === 'value') return [node.op, typeof node.args, String(node.args)];
  if (node.op === 'id') return [node.op, node.args];
  const name = node.op === 'rcall' || node.op === 'call' ? rename(node.args[0], node) : '';
  const field = node.op === '.' || node.op === '.?' ? node.args[1] : '';
  return [node.op, name, field, childrenOf(node).map((child) => shapeOf(child, rename))];
}
