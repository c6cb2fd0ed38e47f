import { messageOf } from '@millrace/core/problem/message-of';
import type { Fault, Node } from './cel.ts';
import { isZonedGetter, MATCHES, patternOf } from './own-functions.ts';
import { childrenOf, nodesOf } from './walk.ts';

const LOOPS = new Set(['all', 'exists', 'exists_one', 'map', 'filter']);
const DEEPEST_LOOP = 2;

/** What the library allows and a rule may not: patterns that are not written out, loops in loops in loops, names for values. */
export function findFaults(root: Node): Fault[] {
  return [...loopFaults(root, 0), ...[...nodesOf(root)].flatMap(callFaults)];
}

function* loopFaults(node: Node, depth: number): Generator<Fault> {
  const isLoop = node.op === 'rcall' && LOOPS.has(node.args[0]);
  if (isLoop && depth >= DEEPEST_LOOP) {
    yield fault(node, `${node.args[0]} may not stand inside ${DEEPEST_LOOP} others`);
    return;
  }
  for (const child of childrenOf(node)) yield* loopFaults(child, isLoop ? depth + 1 : depth);
}

/** Whether it has a loop inside a loop, whose time grows with the square of what it is given. */
export const hasNestedLoops = (root: Node): boolean => loopsDeep(root) > 1;

function loopsDeep(node: Node): number {
  const isLoop = node.op === 'rcall' && LOOPS.has(node.args[0]);
  return Math.max(0, ...childrenOf(node).map(loopsDeep)) + (isLoop ? 1 : 0);
}

function callFaults(node: Node): Fault[] {
  if (node.op === 'call' && node.args[0] === MATCHES) return [fault(node, 'write text.matches(pattern)')];
  if (node.op !== 'rcall') return [];
  const [name, receiver, [argument]] = node.args;
  if (name === 'bind' && receiver.op === 'id' && receiver.args === 'cel') return [fault(node, 'cel.bind is not taken')];
  if (!argument || (name !== MATCHES && !isZonedGetter(name))) return [];
  if (argument.op !== 'value' || typeof argument.args !== 'string')
    return [fault(argument, name === MATCHES ? 'a pattern must be written out' : 'a time zone must be written out')];
  return name === MATCHES ? patternFaults(argument, argument.args) : zoneFaults(argument, argument.args);
}

function patternFaults(node: Node, pattern: string): Fault[] {
  try {
    patternOf(pattern);
    return [];
  } catch (error) {
    return [fault(node, `is not a pattern that can be used: ${messageOf(error)}`)];
  }
}

function zoneFaults(node: Node, zone: string): Fault[] {
  return isTimeZone(zone) ? [] : [fault(node, `is not a time zone: ${zone}`)];
}

/** Whether it is a name such as `Europe/Vienna`. */
export function isTimeZone(zone: string): boolean {
  try {
    new Intl.DateTimeFormat('en', { timeZone: zone });
    return true;
  } catch {
    return false;
  }
}

const fault = ({ start, end }: Node, message: string): Fault => ({ message, start, end });
