export type Answer = { readonly status: number; readonly headers: Headers; readonly body: unknown };

/** Sends JSON, where there is a body. */
export async function ask(url: string, method = 'GET', body?: unknown): Promise<Answer> {
  const response = await fetch(url, {
    method,
    ...(body !== undefined && { headers: { 'content-type': 'application/json' }, body: JSON.stringify(body) }),
  });
  return answerOf(response);
}

/** A response whose body, if any, is JSON. */
export async function answerOf(response: Response): Promise<Answer> {
  const text = await response.text();
  return { status: response.status, headers: response.headers, body: text === '' ? undefined : JSON.parse(text) };
}
