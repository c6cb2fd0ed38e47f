import { open, readFile } from 'node:fs/promises';

const TAIL_BYTES = 64 * 1024;

/** The last lines of a file; none when it can't be read. Reads only its end. */
export async function lastLines(path: string, count: number): Promise<string[]> {
  const file = await open(path).catch(() => undefined);
  if (!file) return [];
  try {
    const { size } = await file.stat();
    const length = Math.min(size, TAIL_BYTES);
    const { buffer } = await file.read({ buffer: Buffer.alloc(length), position: size - length });
    return buffer.toString('utf8').trimEnd().split('\n').slice(-count);
  } finally {
    await file.close();
  }
}

const TROUBLE = /\b(ERROR|FATAL|SEVERE|fatal|[Ee]rror|Exception|cannot|could not)\b/;
const MOST_CHARACTERS = 300;

/** How a service of ours begins the line that says why it can't start. */
export const OWN_WORDS = /^[\w-]+ cannot start: /;

/**
 * What was logged since a position that best says why something failed: a service's own words in full, else from the
 * first trouble on, else the end.
 */
export async function tellingLines(path: string, from: number, count: number): Promise<string[]> {
  const text = await readFile(path).catch(() => Buffer.alloc(0));
  const lines = text.subarray(from).toString('utf8').trimEnd().split('\n');
  const own = lines.findIndex((line) => OWN_WORDS.test(line));
  if (own >= 0) return lines.slice(own).filter((line) => !line.startsWith('{'));
  const trouble = lines.findIndex((line) => TROUBLE.test(line));
  const telling = trouble < 0 ? lines.slice(-count) : lines.slice(trouble, trouble + count);
  return telling.map((line) => (line.length > MOST_CHARACTERS ? `${line.slice(0, MOST_CHARACTERS)}…` : line));
}
