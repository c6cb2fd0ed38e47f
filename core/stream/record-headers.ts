/** A record's headers by name. A consumed value is bytes, null, or a list where the name is repeated; text may be written. */
export type RecordHeaders = Readonly<Record<string, HeaderValue | readonly HeaderValue[] | undefined>>;

type HeaderValue = Buffer | string | null;

/** The text of a header that is there once. */
export function headerText(headers: RecordHeaders, name: string): string | undefined {
  const value = headers[name];
  return Buffer.isBuffer(value) || typeof value === 'string' ? value.toString() : undefined;
}
