export type Request = { readonly url: string; readonly init: RequestInit | undefined };

/** `fetch` takes no user and password in an address: they go into the header where a browser would put them. */
export function withCredentials(url: string, init: RequestInit | undefined): Request {
  const address = URL.canParse(url) ? new URL(url) : undefined;
  if (!address || (address.username === '' && address.password === '')) return { url, init };
  const { username, password } = address;
  address.username = '';
  address.password = '';
  const headers = new Headers(init?.headers);
  const credentials = Buffer.from(`${decoded(username)}:${decoded(password)}`).toString('base64');
  if (!headers.has('authorization')) headers.set('authorization', `Basic ${credentials}`);
  return { url: address.href, init: { ...init, headers } };
}

/** A part of an address as it was meant; as it stands where it is no escaped text. */
export function decoded(part: string): string {
  try {
    return decodeURIComponent(part);
  } catch {
    return part;
  }
}
