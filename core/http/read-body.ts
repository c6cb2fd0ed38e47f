import type { IncomingMessage } from 'node:http';
import { promisify } from 'node:util';
import { brotliDecompress, gunzip, inflate } from 'node:zlib';
import { Problem } from '../problem/problem.ts';

const inflaters = new Map([
  ['gzip', promisify(gunzip)],
  ['x-gzip', promisify(gunzip)],
  ['deflate', promisify(inflate)],
  ['br', promisify(brotliDecompress)],
]);

const tooLarge = (limitBytes: number): Problem =>
  new Problem('body-too-large', `The body is larger than the ${limitBytes} bytes taken here.`);

const aborted = (cause?: unknown): Problem =>
  new Problem('request-aborted', 'The client closed the connection before the body ended.', { cause });

/** Listeners stay on once it has settled: taking them off costs more than they do, and a late error needs one. */
const readRaw = (req: IncomingMessage, limitBytes: number): Promise<Buffer> =>
  new Promise((resolve, reject) => {
    if (Number(req.headers['content-length'] ?? 0) > limitBytes) return reject(tooLarge(limitBytes));
    const chunks: Buffer[] = [];
    let size = 0;
    const onData = (chunk: Buffer) => {
      size += chunk.length;
      if (size <= limitBytes) {
        chunks.push(chunk);
        return;
      }
      chunks.length = 0;
      reject(tooLarge(limitBytes));
    };
    const onEnd = () => {
      const [only] = chunks;
      resolve(only && chunks.length === 1 ? only : Buffer.concat(chunks, size));
      chunks.length = 0;
    };
    const onClose = () => {
      if (!req.readableEnded) reject(aborted());
    };
    if (req.destroyed) return reject(aborted());
    req
      .on('data', onData)
      .on('end', onEnd)
      .on('error', (cause) => reject(aborted(cause)))
      .on('close', onClose);
  });

/**
 * The whole body of a bare or Express request, inflated if it came as gzip, deflate or br. `limitBytes` holds for the
 * bytes as sent and as inflated, so neither a lying Content-Length nor a zip bomb takes more memory than that.
 * Throws `body-too-large`, `unsupported-media-type`, `malformed-body` and `request-aborted`.
 */
export const readBody = (req: IncomingMessage, { limitBytes }: { limitBytes: number }): Promise<Buffer> =>
  req.headers['content-encoding'] === undefined ? readRaw(req, limitBytes) : readEncoded(req, limitBytes);

const readEncoded = async (req: IncomingMessage, limitBytes: number): Promise<Buffer> => {
  const encoding = req.headers['content-encoding']?.trim().toLowerCase() ?? 'identity';
  if (encoding === 'identity' || encoding === '') return await readRaw(req, limitBytes);
  const inflateBody = inflaters.get(encoding);
  if (!inflateBody) {
    throw new Problem(
      'unsupported-media-type',
      `Content-Encoding "${encoding}" is not taken; send gzip, deflate or br.`,
      {
        headers: { 'accept-encoding': 'gzip, deflate, br' },
      },
    );
  }
  const raw = await readRaw(req, limitBytes);
  try {
    return await inflateBody(raw, { maxOutputLength: limitBytes });
  } catch (cause) {
    if (cause instanceof RangeError) throw tooLarge(limitBytes);
    throw new Problem('malformed-body', `The body is not valid ${encoding}.`, { cause });
  }
};
