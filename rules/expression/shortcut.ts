import type { Context, Node } from './cel.ts';

/** What a shortcut answers where only the library can say: a value is missing, or not of the kind that was looked for. */
export const UNSURE = Symbol('unsure');

export type Shortcut = (context: Context) => unknown;

type Comparable = number | string;
type Pair = { readonly op: string; readonly args: readonly [Node, Node] };

const comparisons = new Map<string, (left: Comparable, right: Comparable) => boolean>([
  ['<', (left, right) => left < right],
  ['<=', (left, right) => left <= right],
  ['>', (left, right) => left > right],
  ['>=', (left, right) => left >= right],
]);

const sums = new Map<string, (left: number, right: number) => number>([
  ['+', (left, right) => left + right],
  ['-', (left, right) => left - right],
  ['*', (left, right) => left * right],
  ['/', (left, right) => left / right],
]);

/**
 * A condition as closures, many times as fast as the library walks its tree; undefined for one that has more than fields, literals,
 * comparisons, arithmetic of fields, `&&`, `||` and `!`. It never throws. What it answers, unless that is UNSURE, is what the
 * library answers.
 * @param node of a text whose types were checked
 */
export function compileShortcut(node: Node): Shortcut | undefined {
  switch (node.op) {
    case 'value':
      return literal(node.args);
    case 'id':
      return variable(node.args);
    case '.':
      return field(node);
    case '!_': {
      const inner = mayBeBoolean(node.args) ? compileShortcut(node.args) : undefined;
      return inner && ((context) => negated(inner(context)));
    }
    case '&&':
      return joined(node, false);
    case '||':
      return joined(node, true);
    case '==':
      return equality(node, true);
    case '!=':
      return equality(node, false);
    case '<':
    case '<=':
    case '>':
    case '>=':
      return comparison(node);
    case '+':
    case '-':
    case '*':
    case '/':
      return sum(node);
    default:
      return undefined;
  }
}

/** Whole literals are integers of any size to the library: as doubles they are exact up to a point. */
function literal(value: unknown): Shortcut | undefined {
  if (typeof value === 'bigint') {
    const number = Number(value);
    return Number.isSafeInteger(number) ? () => number : undefined;
  }
  return value === null || isSingle(value) ? () => value : undefined;
}

function variable(name: string): Shortcut | undefined {
  if (name !== 'event' && name !== 'account' && name !== 'windows') return undefined;
  return (context) => context[name];
}

function field(node: Extract<Node, { op: '.' }>): Shortcut | undefined {
  const [owner, name] = node.args;
  if (name in Object.prototype || (owner.op !== '.' && owner.op !== 'id')) return undefined;
  const read = owner.op === '.' ? field(owner) : variable(owner.args);
  return read && ((context) => fieldOf(read(context), name));
}

function fieldOf(owner: unknown, name: string): unknown {
  if (!isPlain(owner)) return UNSURE;
  const value: unknown = Reflect.get(owner, name);
  return value === null || isSingle(value) || isPlain(value) ? value : UNSURE;
}

const isSingle = (value: unknown): boolean =>
  typeof value === 'number' || typeof value === 'string' || typeof value === 'boolean';

const isPlain = (value: unknown): value is object =>
  typeof value === 'object' && value !== null && value.constructor === Object;

const negated = (value: unknown): unknown => (typeof value === 'boolean' ? !value : UNSURE);

/** `&&`, which one `false` decides, or `||`, which one `true` does. */
function joined({ args }: Pair, deciding: boolean): Shortcut | undefined {
  const [left, right] = args.map((node) => (mayBeBoolean(node) ? compileShortcut(node) : undefined));
  if (!left || !right) return undefined;
  return (context) => {
    const first = left(context);
    if (first === deciding) return deciding;
    if (first !== !deciding) return UNSURE;
    const second = right(context);
    return typeof second === 'boolean' ? second : UNSURE;
  };
}

const mayBeBoolean = ({ op, args }: Node): boolean => !sums.has(op) && (op !== 'value' || typeof args === 'boolean');

function equality(pair: Pair, isEqual: boolean): Shortcut | undefined {
  const [left, right] = operands(pair);
  if (!left || !right) return undefined;
  const [, second] = pair.args;
  if (second.op === 'value' && second.args === null)
    return (context) => {
      const value = left(context);
      return value === UNSURE ? UNSURE : (value === null) === isEqual;
    };
  return (context) => {
    const [a, b] = [left(context), right(context)];
    return isSingle(a) && typeof a === typeof b ? (a === b) === isEqual : UNSURE;
  };
}

function comparison(pair: Pair): Shortcut | undefined {
  const [left, right] = operands(pair);
  const compare = comparisons.get(pair.op);
  if (!left || !right || !compare) return undefined;
  return (context) => {
    const a = left(context);
    const b = right(context);
    if (typeof a === 'number' && typeof b === 'number') return compare(a, b);
    return typeof a === 'string' && typeof b === 'string' ? compare(a, b) : UNSURE;
  };
}

function sum(pair: Pair): Shortcut | undefined {
  const [left, right] = operands(pair);
  const add = sums.get(pair.op);
  if (!left || !right || !add) return undefined;
  return (context) => {
    const a = left(context);
    const b = right(context);
    return typeof a === 'number' && typeof b === 'number' ? add(a, b) : UNSURE;
  };
}

/** Of two literals the library makes more than doubles can hold. */
function operands({ args: [left, right] }: Pair): readonly [Shortcut | undefined, Shortcut | undefined] {
  if (left.op === 'value' && right.op === 'value') return [undefined, undefined];
  return [compileShortcut(left), compileShortcut(right)];
}
