/** An endpoint that asks for years would be switched off in silence. */
const LONGEST_MS = 86_400_000;

/** How long an endpoint asks to wait, up to a day, in milliseconds: seconds or a date (RFC 9110, section 10.2.3); undefined for neither. */
export function retryAfterMs(header: string | undefined, nowMs: number): number | undefined {
  const text = header?.trim() ?? '';
  if (/^\d{1,9}$/.test(text)) return Math.min(LONGEST_MS, Number(text) * 1_000);
  const at = Date.parse(text);
  return Number.isNaN(at) ? undefined : Math.min(LONGEST_MS, Math.max(0, at - nowMs));
}
