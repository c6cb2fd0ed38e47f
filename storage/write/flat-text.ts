const scratch = Buffer.allocUnsafe(256 * 1024);
const LONGEST_CHARS = Math.floor(scratch.length / 3);

/**
 * The same text in one piece. What was put together from parts stays a tree of them until it is read, and each garbage
 * collection before then copies the whole tree: a third of the processor time of storing went there.
 */
export function flatText(text: string): string {
  if (text.length > LONGEST_CHARS) return text;
  return scratch.toString('utf8', 0, scratch.write(text, 'utf8'));
}
