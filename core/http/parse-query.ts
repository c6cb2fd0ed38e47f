import type { z } from 'zod';
import { type Fault, Problem } from '../problem/problem.ts';

/** The parameters of a request target such as `/running?index=0`. */
export function queryOf(url: string | undefined): URLSearchParams {
  const at = url?.indexOf('?') ?? -1;
  return new URLSearchParams(at < 0 ? '' : url?.slice(at + 1));
}

/** A parameter given once is its text, one given more often the list of them. */
function valuesOf(params: URLSearchParams): Record<string, string | string[]> {
  /** Without a prototype: a parameter may have the name of something that every object inherits. */
  const values: Record<string, string | string[]> = Object.create(null);
  for (const name of new Set(params.keys())) {
    const all = params.getAll(name);
    const [only] = all;
    values[name] = only !== undefined && all.length === 1 ? only : all;
  }
  return values;
}

/**
 * Parses query parameters with a zod object whose keys are their names. Throws one `invalid-parameter` with every
 * fault, its pointer being `/query/<name>`. A name the schema does not have is a fault, so a typo never goes unnoticed.
 */
export function parseQuery<Shape extends z.core.$ZodShape>(
  schema: z.ZodObject<Shape>,
  params: URLSearchParams,
): z.output<z.ZodObject<Shape>> {
  const values = valuesOf(params);
  const known = Object.keys(schema.shape);
  const unknown: Fault[] = Object.keys(values)
    .filter((name) => !known.includes(name))
    .map((name) => ({ pointer: `/query/${name}`, message: `is not a parameter here; known are ${known.join(', ')}` }));
  const parsed = schema.safeParse(values);
  const wrong: Fault[] = (parsed.error?.issues ?? []).map(({ path, message }) => {
    const name = String(path[0] ?? '');
    const repeated = path.length === 1 && Array.isArray(values[name]);
    return { pointer: `/query/${name}`, message: repeated ? 'must be given only once' : message };
  });
  const errors = [...wrong, ...unknown];
  if (parsed.success && errors.length === 0) return parsed.data;
  throw invalidQuery(errors);
}

/** The problem that names the query parameters with a fault. */
export function invalidQuery(errors: readonly Fault[]): Problem {
  const names = [...new Set(errors.map(({ pointer }) => pointer.slice('/query/'.length)))];
  const noun = names.length === 1 ? 'parameter' : 'parameters';
  return new Problem('invalid-parameter', `Invalid query ${noun}: ${names.join(', ')}.`, { errors });
}
