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

const readRaw = (req: IncomingMessage, limitBytes: number): Promise<Buffer> =>
  new Promise((resolve, reject) => {
    if (Number(req.headers['content-length'] ?? 0) > limitBytes) return reject(tooLarge(limitBytes));
    const chunks: Buffer[] = [];
    let size = 0;
    const stop = () => {
      req.off('data', onData).off('end', onEnd).off('error', onGone).off('close', onGone);
    };
    const onData = (chunk: Buffer) => {
      size += chunk.length;
      chunks.push(chunk);
      if (size <= limitBytes) return;
      stop();
      req.resume();
      reject(tooLarge(limitBytes));
    };
    const onEnd = () => {
      stop();
      const [only] = chunks;
      resolve(only && chunks.length === 1 ? only : Buffer.concat(chunks, size));
    };
    const onGone = (cause?: unknown) => {
      stop();
      req.on('error', () => {});
      reject(new Problem('request-aborted', 'The client closed the connection before the body ended.', { cause }));
    };
    if (req.destroyed) return onGone();
    req.on('data', onData).on('end', onEnd).on('error', onGone).on('close', onGone);
  });

/**
 * The whole body of a bare or Express request, inflated if it came as gzip, deflate or br. `limitBytes` holds for the
 * bytes as sent and as inflated, so neither a lying Content-Length nor a zip bomb takes more memory than that.
 * Throws `body-too-large`, `unsupported-media-type`, `malformed-body` and `request-aborted`.
 */
export const readBody = async (req: IncomingMessage, { limitBytes }: { limitBytes: number }): Promise<Buffer> => {
  const encoding = req.headers['content-encoding']?.trim().toLowerCase() ?? 'identity';
  if (encoding === 'identity' || encoding === '') return readRaw(req, limitBytes);
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
