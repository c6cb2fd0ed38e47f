import {
  type ASTNode,
  TypeError as CelTypeError,
  Environment,
  EvaluationError,
  ParseError,
} from '@marcbachmann/cel-js';
import { ownFunctions } from './own-functions.ts';

/** A node of a parsed expression. */
export type Node = ASTNode;

/** What is wrong with a text, from one character of it to before another. */
export type Fault = { readonly message: string; readonly start: number; readonly end: number };

/** The fields of an object, each with its CEL type, or those of an object within it. */
export type Shape = { readonly [field: string]: string | Shape };

/** What an expression may name, typed. `null` is a variable that is always null. */
export type Variables = Readonly<Record<VariableName, Shape | null>>;

export type Context = Readonly<Record<VariableName, unknown>>;

const variableNames = ['event', 'account', 'windows'] as const;
type VariableName = (typeof variableNames)[number];

/** The check of a text is bounded by these, and by the length that its caller allows. */
const LIMITS = { maxAstNodes: 500, maxDepth: 30, maxListElements: 200, maxMapEntries: 200, maxCallArguments: 10 };
const COMPARED_WITH_NULL = ['double', 'string', 'bool', 'bytes', 'list', 'map', 'google.protobuf.Timestamp'];

/**
 * The one file that knows the CEL library. It has two environments: one with types, in which texts are checked, and one without, in
 * which they run, for there a field may be null. What the first allows, the second must know.
 */
export function parseCel(text: string): { readonly root: Node; run(context: Context): unknown } | { fault: Fault } {
  try {
    const run = running.parse(text);
    return { root: run.ast, run: (context) => run(context) };
  } catch (error) {
    return { fault: toFault(error, text) };
  }
}

/** Checks names and types; answers the type of the result. */
export function checkCel(text: string, variables: Variables): { readonly type: string } | { readonly fault: Fault } {
  const environment = newEnvironment();
  for (const name of variableNames) {
    const type = name.charAt(0).toUpperCase() + name.slice(1);
    environment.registerType(type, { schema: variables[name] ?? {} }).registerVariable(name, type);
    environment.registerOperator(`${type} == null`, (value: unknown) => value === null);
  }
  for (const type of COMPARED_WITH_NULL) environment.registerOperator(`${type} == null`, (value) => value === null);
  try {
    const { valid, type, error } = environment.check(text);
    return valid ? { type: type ?? 'dyn' } : { fault: toFault(error, text) };
  } catch (error) {
    return { fault: toFault(error, text) };
  }
}

/** Why an evaluation failed, as a person reads it. */
export const celReason = (error: unknown): string | undefined =>
  error instanceof EvaluationError || error instanceof ParseError || error instanceof CelTypeError
    ? error.summary
    : undefined;

/** Numbers in JSON are neither integers nor not: whole literals mix with numbers of either kind. */
function newEnvironment(): Environment {
  const environment = new Environment({
    unlistedVariablesAreDyn: false,
    homogeneousAggregateLiterals: false,
    limits: LIMITS,
  });
  for (const [a, b] of [
    ['double', 'int'],
    ['int', 'double'],
  ]) {
    environment.registerOperator(`${a} + ${b}: double`, (x, y) => Number(x) + Number(y));
    environment.registerOperator(`${a} - ${b}: double`, (x, y) => Number(x) - Number(y));
    environment.registerOperator(`${a} * ${b}: double`, (x, y) => Number(x) * Number(y));
    environment.registerOperator(`${a} / ${b}: double`, (x, y) => Number(x) / Number(y));
  }
  environment.registerOperator('double == int', (x, y) => Number(x) === Number(y));
  for (const [signature, handler] of ownFunctions) environment.registerFunction(signature, handler);
  return environment;
}

function runEnvironment(): Environment {
  const environment = newEnvironment();
  for (const name of variableNames) environment.registerVariable(name, 'dyn');
  return environment;
}

const running = runEnvironment();

function toFault(error: unknown, text: string): Fault {
  const isOurs = error instanceof ParseError || error instanceof CelTypeError || error instanceof EvaluationError;
  const { start, end } = (isOurs && error.range) || { start: 0, end: text.length };
  return { message: isOurs ? inWords(error.code, error.summary) : 'is not an expression', start, end };
}

function inWords(code: string, summary: string): string {
  if (code === 'no_such_key') return `there is no field ${summary.split(': ').at(-1)}`;
  if (code === 'limit_exceeded') return `is too large: ${summary}`;
  return summary.charAt(0).toLowerCase() + summary.slice(1);
}
