import type { IncomingMessage } from 'node:http';
import { promisify } from 'node:util';
import { brotliDecompress, gunzip, inflate } from 'node:zlib';
import { bodyAborted, bodyMalformed, bodyTooLarge, encodingOf, encodingUnknown } from './body-problems.ts';

export type BodyLimits = {
  readonly limitBytes: number;
  /** Called with the number of bytes before they are kept, as sent and as inflated; throwing rejects the body. */
  readonly onBytes?: (bytes: number) => void;
};

const inflaters = new Map([
  ['gzip', promisify(gunzip)],
  ['x-gzip', promisify(gunzip)],
  ['deflate', promisify(inflate)],
  ['br', promisify(brotliDecompress)],
]);

/**
 * The whole body of a bare or Express request, inflated if it came as gzip, deflate or br. `limitBytes` holds for the
 * bytes as sent and as inflated, so neither a lying Content-Length nor a zip bomb takes more memory than that.
 * Throws `body-too-large`, `unsupported-media-type`, `malformed-body` and `request-aborted`.
 */
export function readBody(req: IncomingMessage, limits: BodyLimits): Promise<Buffer> {
  const encoding = encodingOf(req.headers['content-encoding']);
  return encoding === undefined ? readRaw(req, limits) : readEncoded(req, encoding, limits);
}

/** Listeners stay on once it has settled: taking them off costs more than they do, and a late error needs one. */
const readRaw = (req: IncomingMessage, { limitBytes, onBytes }: BodyLimits): Promise<Buffer> =>
  new Promise((resolve, reject) => {
    if (Number(req.headers['content-length'] ?? 0) > limitBytes) return reject(bodyTooLarge(limitBytes));
    if (req.destroyed) return reject(bodyAborted());
    const chunks: Buffer[] = [];
    let size = 0;
    let refused = false;
    const refuse = (error: unknown) => {
      refused = true;
      chunks.length = 0;
      reject(error);
    };
    const onData = (chunk: Buffer) => {
      if (refused) return;
      size += chunk.length;
      if (size > limitBytes) return refuse(bodyTooLarge(limitBytes));
      try {
        onBytes?.(chunk.length);
        chunks.push(chunk);
      } catch (error) {
        refuse(error);
      }
    };
    const onEnd = () => {
      const [only] = chunks;
      resolve(only && chunks.length === 1 ? only : Buffer.concat(chunks));
      chunks.length = 0;
    };
    const onClose = () => {
      if (!req.readableEnded) reject(bodyAborted());
    };
    req
      .on('data', onData)
      .on('end', onEnd)
      .on('error', (cause) => refuse(bodyAborted(cause)))
      .on('close', onClose);
  });

async function readEncoded(req: IncomingMessage, encoding: string, limits: BodyLimits): Promise<Buffer> {
  const inflateBody = inflaters.get(encoding);
  if (!inflateBody) throw encodingUnknown(encoding);
  const raw = await readRaw(req, limits);
  const body = await inflateBody(raw, { maxOutputLength: limits.limitBytes }).catch((cause: unknown) => {
    throw cause instanceof RangeError ? bodyTooLarge(limits.limitBytes) : bodyMalformed(encoding, cause);
  });
  limits.onBytes?.(body.length);
  return body;
}
