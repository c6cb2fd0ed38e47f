/** An offset such as +05:30 is none: the clocks of a place change. */
const NAME = /^[A-Za-z][\w+/-]*$/;

/** Whether it is the name of an IANA time zone, such as `America/Toronto`. */
export function isTimeZone(name: string): boolean {
  if (!NAME.test(name)) return false;
  try {
    return Boolean(new Intl.DateTimeFormat('en', { timeZone: name }));
  } catch {
    return false;
  }
}
