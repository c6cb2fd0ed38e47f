import type { Context } from '../expression/cel.ts';
import type { Path } from '../expression/reads-of.ts';
import type { CompiledRule } from './compile-rule.ts';
import type { Values } from './outcome.ts';

/** What an outcome keeps of its reasons: the windows of the rule, and the single values that its condition reads. */
export function valuesOf({ measured, expression }: CompiledRule, context: Context): Values {
  const values: Record<string, number | string | boolean | null> = {};
  for (const { name } of measured) values[`windows.${name}`] = single(valueAt(context, ['windows', name])) ?? null;
  for (const path of expression.reads) {
    const value = single(valueAt(context, path));
    if (value !== undefined) values[path.join('.')] = value;
  }
  return values;
}

function valueAt(context: Context, path: Path): unknown {
  let value: unknown = context;
  for (const name of path) {
    if (typeof value !== 'object' || value === null || !Object.hasOwn(value, name)) return undefined;
    value = Reflect.get(value, name);
  }
  return value;
}

/** Undefined for lists, maps and what is not there. */
function single(value: unknown): number | string | boolean | null | undefined {
  if (value instanceof Date) return value.toISOString();
  if (value === null || typeof value === 'number' || typeof value === 'string' || typeof value === 'boolean')
    return value;
  return undefined;
}
