import { readFile } from 'node:fs/promises';
import { Problem } from '@millrace/core/problem/problem';
import { z } from 'zod';
import { jsonFaultPlace } from './json-fault-place.ts';

/** An object of the file, and where it stands. */
export type RelayObject = { readonly at: string; readonly body: string };

const object = z.record(z.string(), z.unknown());

/**
 * The objects of a file: a JSON array of them, one alone, or one a line. Throws one `invalid-config` line that names the file and the
 * place of the fault.
 */
export async function readRelayFile(file: string): Promise<readonly RelayObject[]> {
  const refuse = (why: string, cause?: unknown) =>
    new Problem('invalid-config', `RELAY_FILE ${file}: ${why}`, { cause });
  if (file === '') throw new Problem('invalid-config', 'RELAY_FILE is not set: a file with the objects to send');
  const text = await readFile(file, 'utf8').catch((error: unknown) => {
    const code = error instanceof Error && 'code' in error ? String(error.code) : 'unknown';
    throw refuse(`cannot be read (${code})`, error);
  });
  const plain = text.replace(/^\uFEFF/, '');
  if (plain.trim() === '') throw refuse('is empty');
  const objects = plain.trimStart().startsWith('[') ? entriesOf(plain) : linesOf(plain);
  if (objects.length === 0) throw refuse('holds no object');
  return objects;

  function entriesOf(array: string): RelayObject[] {
    return z
      .array(z.unknown())
      .parse(parse(array, 1))
      .map((entry, index) => checked(entry, `entry ${index + 1}`));
  }

  function linesOf(lines: string): RelayObject[] {
    const alone = isJson(lines) ? checked(parse(lines, 1), 'the object') : undefined;
    if (alone) return [alone];
    return lines.split('\n').flatMap((line, index) => {
      if (line.trim() === '') return [];
      return [checked(parse(line, index + 1), `line ${index + 1}`)];
    });
  }

  function parse(json: string, firstLine: number): unknown {
    try {
      return JSON.parse(json);
    } catch (cause) {
      const { line, column } = jsonFaultPlace(json);
      throw refuse(`is not JSON at line ${firstLine + line - 1}, column ${column}`, cause);
    }
  }

  function checked(entry: unknown, at: string): RelayObject {
    const kind = Array.isArray(entry) ? 'an array' : entry === null ? 'null' : `a ${typeof entry}`;
    if (!object.safeParse(entry).success) throw refuse(`${at} is ${kind}, not an object`);
    return { at, body: JSON.stringify(entry) };
  }
}

function isJson(text: string): boolean {
  try {
    JSON.parse(text);
    return true;
  } catch {
    return false;
  }
}
