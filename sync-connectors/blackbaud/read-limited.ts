/** More than any page has: 64 MB of blanks fit into 64 kB of gzip. */
const MOST_BYTES = 48 * 1024 * 1024;

/** A body as text, or why there is none: it broke off, was not whole in time, or is longer than a page can be. */
export type LimitedBody = { readonly text: string } | { readonly fault: 'broken' | 'late' | 'too large' };

/** Reads a body to its end, as far as it comes in time. */
export async function readLimited(response: Response, withinMs: number, most = MOST_BYTES): Promise<LimitedBody> {
  const reader = response.body?.getReader();
  if (!reader) return { text: '' };
  const decoder = new TextDecoder();
  let text = '';
  let size = 0;
  let isLate = false;
  const cancel = () => void reader.cancel().catch(() => undefined);
  const timer = setTimeout(() => {
    isLate = true;
    cancel();
  }, withinMs);
  try {
    for (;;) {
      const { done, value } = await reader.read();
      if (isLate) return { fault: 'late' };
      if (done) return { text: text + decoder.decode() };
      size += value.byteLength;
      if (size > most) return { fault: 'too large' };
      text += decoder.decode(value, { stream: true });
    }
  } catch {
    return { fault: isLate ? 'late' : 'broken' };
  } finally {
    clearTimeout(timer);
    cancel();
  }
}
