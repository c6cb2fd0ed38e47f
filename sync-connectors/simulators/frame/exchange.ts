import type { IncomingMessage, ServerResponse } from 'node:http';

/** A request of which the body was read, and where its answer goes. */
export type Exchange = {
  readonly method: string;
  readonly url: URL;
  readonly headers: IncomingMessage['headers'];
  readonly body: string;
  readonly res: ServerResponse;
};

const MAX_BODY = 1_000_000;

/** Undefined when the client went away, or sent more than a simulator takes. */
export async function readExchange(req: IncomingMessage, res: ServerResponse): Promise<Exchange | undefined> {
  const chunks: Buffer[] = [];
  let size = 0;
  try {
    for await (const chunk of req) {
      if (!Buffer.isBuffer(chunk)) continue;
      size += chunk.length;
      if (size > MAX_BODY) return undefined;
      chunks.push(chunk);
    }
  } catch {
    return undefined;
  }
  const method = req.method ?? 'GET';
  const url = new URL(req.url ?? '/', `http://${req.headers.host ?? 'localhost'}`);
  return { method, url, headers: req.headers, body: Buffer.concat(chunks).toString('utf8'), res };
}

export function sendJson(
  res: ServerResponse,
  status: number,
  value: unknown,
  headers: Readonly<Record<string, string>> = {},
): void {
  if (res.destroyed || res.headersSent) return;
  const body = JSON.stringify(value);
  res.writeHead(status, {
    'content-type': 'application/json; charset=utf-8',
    'content-length': Buffer.byteLength(body),
    ...headers,
  });
  res.end(body);
}

/** A refusal in the form of the vendor's gateway. */
export const refuse = (
  res: ServerResponse,
  statusCode: number,
  message: string,
  headers: Readonly<Record<string, string>> = {},
) => sendJson(res, statusCode, { statusCode, message }, headers);
