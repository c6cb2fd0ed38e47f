/** More than any page has: 64 MB of blanks fit into 64 kB of gzip. */
const MOST_BYTES = 48 * 1024 * 1024;

/** A body's text; undefined when it is longer than a page can be. Rejects when it ends early. */
export async function readLimited(response: Response, most = MOST_BYTES): Promise<string | undefined> {
  const decoder = new TextDecoder();
  let text = '';
  let size = 0;
  for await (const chunk of response.body ?? []) {
    size += chunk.byteLength;
    if (size > most) return undefined;
    text += decoder.decode(chunk, { stream: true });
  }
  return text + decoder.decode();
}
